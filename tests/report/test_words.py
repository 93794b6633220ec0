# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appliance.events import Proof, Tell
from appliance.report.words import Kind, counted, destination, local, proof_in_words, seconds, size, words_for
from tests.report.household import SPEAKERS, TELLS, upload, verdict


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (181_234, "181 kB"),
        (999_600, "1.0 MB"),
        (12_300_000, "12 MB"),
        (2.5e9, "2.5 GB"),
    ],
)
def test_sizes_are_round(count: float, said: str) -> None:
    """Sizes are in SI units with two or three digits, and never break at the space."""
    assert size(count) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("span", "said"),
    [(0.84, "0.8 s"), (13.6, "14 s"), (60, "1 min"), (200, "3 min 20 s"), (7200, "2 h"), (7500, "2 h 5 min")],
)
def test_stretches_of_time_are_round(span: float, said: str) -> None:
    """Stretches of time have at most two units."""
    assert seconds(span) == said.replace(" ", "\N{NO-BREAK SPACE}")


def test_each_verdict_has_words_and_a_kind() -> None:
    """Every verdict of the house is put into words; both accusations are unexplained, nothing else is."""
    kinds = {name: words_for(verdict(name, upload(SPEAKERS[0][0], None, 1.0))).kind for name in TELLS}
    assert {name for name, kind in kinds.items() if kind is Kind.UNEXPLAINED} == {
        "unexplained_speech",
        "unexplained_silence",
    }


def test_an_unknown_verdict_goes_by_its_tell() -> None:
    """A verdict that this version has no words for is never shown quieter than the judge told it."""
    stranger = replace(verdict("called", upload(SPEAKERS[0][0], None, 1.0)), verdict="whispered_to")
    assert words_for(stranger).happened == "whispered to"
    assert words_for(replace(stranger, tell=Tell.NOTICE)).kind is Kind.NOTICE
    assert words_for(replace(stranger, tell=Tell.URGENT)).kind is Kind.UNEXPLAINED


def test_nothing_accuses_louder_than_it_is_told() -> None:
    """What the judge tells as a notice, such as of a device that may be no speaker, is no accusation here either."""
    quiet = replace(verdict("unexplained_speech", upload(SPEAKERS[0][0], None, 1.0)), tell=Tell.NOTICE)
    assert words_for(quiet).kind is Kind.NOTICE


def test_each_proof_has_words() -> None:
    """How a destination is known is always said."""
    assert all(proof_in_words(proof) for proof in Proof)


def test_clock_of_a_zone() -> None:
    """Times are shown on the zone's clock; without a zone on this machine's."""
    assert local(0.5, UTC) == datetime(1970, 1, 1, 0, 0, 0, 500_000, UTC)
    assert local(0.5, None).tzinfo is None


def test_one_is_singular() -> None:
    """One upload, two uploads."""
    assert [counted(1, "upload"), counted(1402, "upload")] == ["1 upload", "1,402 uploads"]


def test_a_nameless_destination_is_its_address() -> None:
    """Where no name is known the address stands for it."""
    nameless = replace(upload("a", None, 1.0), host=None)
    assert destination(nameless) == "192.0.2.7:443"
    assert destination(replace(nameless, flow=nameless.flow._replace(remote="2001:db8::7"))) == "[2001:db8::7]:443"
