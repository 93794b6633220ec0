# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import open_capture, parse
from appliance.capture.frames import Packets
from appliance.evidence import read_context
from appliance.evidence.file import render
from tests.capture.craft import read
from tests.evidence.facts import KNOWN, SENT, UPLOAD, sent

HOUR = 3600.0


@pytest.fixture
def packets() -> Packets:
    return sent()


@pytest.fixture
def path(packets: Packets, tmp_path: Path) -> Path:
    path = tmp_path / "evidence.pcapng"
    path.write_bytes(render(packets, UPLOAD, KNOWN, boot="boot", offset=HOUR))
    return path


def test_frames_come_back_in_wall_clock_time(path: Path, packets: Packets) -> None:
    """Each frame is there as it was kept, at its steady time plus the clock's offset."""
    with open_capture(path) as capture:
        (found,) = list(capture)
        assert capture.damage is None
        assert (capture.comment or "").startswith("Earwitness evidence: frames of 74:c2:46:00:00:01 around")
    assert found.time.tolist() == (packets.time + int(HOUR * 1e9)).tolist()
    assert found.wire.tolist() == packets.wire.tolist()
    assert parse(found).payload.tolist() == [len(payload) for _, payload in SENT]


def test_only_flows_of_the_file_are_described(path: Path) -> None:
    """A flow of the device that has no frame in the file is left out."""
    with open_capture(path) as capture:
        context = read_context(capture.comments)
    assert context is not None
    assert [flow.host for flow in context.flows] == ["avs.example"]


def test_what_was_made_up_says_so(packets: Packets) -> None:
    """Evidence of a simulated household begins with that word."""
    content = render(packets, UPLOAD, KNOWN, boot="boot", offset=HOUR, simulated=True)
    assert b"simulated; Earwitness evidence" in content[:100]


def test_others_read_it_with_its_comments(path: Path) -> None:
    """Tshark finds no fault, and shows the facts on the packets of the upload's start, its discovery and its end."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    fields = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.comment"]
    shown = subprocess.run(["tshark", "-r", path, *fields], capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in shown.stdout.splitlines()]
    assert [round(float(time), 3) for _, time, _ in rows] == [when + HOUR for when, _ in SENT]
    comments = {int(number): comment for number, _, comment in rows if comment}
    assert comments == {
        2: "Upload starts: voice to avs.example (known by: sni), speaker rule amazon-echo",
        4: "Upload known after 0.50 s: cadence, steady; echo-opus-32; confidence 0.90",
        5: "Upload ends after 2.00 s: 30000 bytes up, 1000 down",
    }


@given(st.lists(st.tuples(st.binary(max_size=120), st.integers(0, 70_000)), max_size=20), st.floats(-1e9, 1e9))
def test_any_frames_make_a_readable_file(told: list[tuple[bytes, int]], offset: float) -> None:
    """Whatever the frames, and wherever the clock stands, the file is whole and holds them in their order."""
    captured = np.array([len(data) for data, _ in told], np.int64)
    buffer = np.frombuffer(b"".join(data for data, _ in told) + bytes(64), np.uint8)
    wire, time = captured + np.array([more for _, more in told], np.int64), 10**12 + np.arange(len(told))
    packets = Packets(buffer, np.cumsum(captured) - captured, captured, wire, time, 1)
    found = read(render(packets, UPLOAD, KNOWN, boot="boot", offset=offset))
    assert found.capture.damage is None
    assert read_context(found.capture.comments) is not None
    assert [data for _, data in found.records] == [data for data, _ in told]
    assert found.wire == wire.tolist()
