# SPDX-License-Identifier: GPL-2.0-or-later
"""Flows of real speakers, where the captures are here."""

import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from appliance.capture import open_capture
from appliance.capture.parse import parse
from appliance.events import FlowFact, Greeting, Lost, Named, Piece, PieceKind
from appliance.flows import Flows

ECHO = "corpus/echo-home-a/what_time_is_sunset_5.pcap"
DOT = "corpus/echo-dot-3/activation.pcap"


def facts_of(path: Path) -> list[FlowFact]:
    flows = Flows()
    with open_capture(path) as capture:
        facts = [fact for packets in capture for fact in flows.feed(parse(packets))]
    return facts + flows.finish()


@pytest.mark.parametrize(("file", "length", "gap", "least"), [(ECHO, 113, 0.020, 600), (DOT, 1057, 0.032, 130)])
def test_the_beat_of_audio_comes_out(shared: Path, file: str, length: int, gap: float, least: int) -> None:
    """The codec's records are there, at their beat."""
    times = [fact.time for fact in facts_of(shared / file) if isinstance(fact, Piece) and fact.length == length]
    assert len(times) >= least
    assert median(after - before for before, after in pairwise(times)) == pytest.approx(gap, rel=0.3)


def test_the_flows_of_an_echo_have_their_names(shared: Path) -> None:
    """Server names come from the hellos."""
    hosts = {fact.host for fact in facts_of(shared / ECHO) if isinstance(fact, Named)}
    assert hosts == {"unagi-na.amazon.com", "spectrum.s3.amazonaws.com", "d3p8zr0ffa9t17.cloudfront.net"}


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_record_lengths_are_those_of_tshark(shared: Path) -> None:
    """On an undamaged capture every application-data record is one that tshark finds, and the reverse."""
    fields = ["-T", "fields", "-e", "tls.record.content_type", "-e", "tls.record.length"]
    wanted = "tls.record && ip.src == 192.168.0.0/16"
    lines = subprocess.run(
        ["tshark", "-r", str(shared / ECHO), "-Y", wanted, *fields], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    theirs: Counter[int] = Counter()
    for kinds, lengths in (line.split("\t") for line in lines):
        pairs = zip(kinds.split(","), lengths.split(","), strict=True)
        theirs.update(int(length) for kind, length in pairs if kind == "23")
    facts = facts_of(shared / ECHO)
    ours = Counter(fact.length for fact in facts if isinstance(fact, Piece) and fact.kind is PieceKind.RECORD)
    assert ours == theirs
    assert not [fact for fact in facts if isinstance(fact, Lost)]


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_the_versions_that_hellos_offer_are_those_of_tshark(shared: Path) -> None:
    """Each hello that leaves the house offers what tshark reads in it: none of this Echo's offers more than TLS 1.2."""
    fields = ["-T", "fields", "-e", "tls.handshake.version", "-e", "tls.handshake.extensions.supported_version"]
    wanted = "tls.handshake.type == 1 && ip.src == 192.168.0.0/16 && ip.dst != 192.168.0.0/16"
    lines = subprocess.run(
        ["tshark", "-r", str(shared / ECHO), "-Y", wanted, *fields], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert set(lines) == {"0x0303\t"}
    greetings = [fact for fact in facts_of(shared / ECHO) if isinstance(fact, Greeting)]
    assert [fact.protocol for fact in greetings if fact.protocol != "HTTP"] == ["TLS 1.2"] * len(lines)
    plain = {fact.host for fact in greetings if fact.protocol == "HTTP"}
    assert plain == {"spectrum.s3.amazonaws.com", "d3p8zr0ffa9t17.cloudfront.net"}
