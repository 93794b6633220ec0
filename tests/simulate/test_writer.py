# SPDX-License-Identifier: GPL-2.0-or-later
import io
from pathlib import Path

import dpkt  # type: ignore[import-untyped]
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import open_capture
from appliance.simulate.rows import WIDEST_HEAD, Rows, whole_frames
from appliance.simulate.writer import CaptureWriter

frames = st.lists(st.tuples(st.integers(0, 2_000_000_000_000_000), st.binary(min_size=1, max_size=300)), max_size=30)


def written(rows: Rows, comment: str = "simulated", snap: int = 0) -> bytes:
    file = io.BytesIO()
    CaptureWriter(file, comment, snap).write(rows)
    return file.getvalue()


@given(frames)
def test_another_reader_reads_it_back(told: list[tuple[int, bytes]]) -> None:
    """Dpkt's reader finds the frames with their times."""
    rows = whole_frames([(time / 1e6, frame) for time, frame in told])
    found = dpkt.pcapng.Reader(io.BytesIO(written(rows)))
    read = [(round(time * 1e6), frame) for time, frame in found]
    assert read == [(time, frame) for time, (_, frame) in zip(rows.time.tolist(), told, strict=True)]


def test_heads_and_payloads_come_together(tmp_path: Path) -> None:
    """A row is the counted part of its head, then its payload; our own reader sees comment, capture and wire length."""
    head = np.zeros((2, WIDEST_HEAD), np.uint8)
    head[0, :14], head[1, :20] = 1, 2
    rows = Rows(np.array([1, 2]), np.array([99, 100]), head, np.array([14, 20]), [b"pay", b""])
    path = tmp_path / "it.pcapng"
    path.write_bytes(written(rows, "simulated household"))
    with open_capture(path) as capture:
        (batch,) = list(capture)
        assert capture.comment == "simulated household"
        assert capture.damage is None
    assert batch.captured.tolist() == [17, 20]
    assert batch.wire.tolist() == [99, 100]
    assert bytes(batch.buffer[batch.at[0] : batch.at[0] + 17]) == b"\x01" * 14 + b"pay"


def test_the_interface_states_the_snap_length() -> None:
    """The interface block carries the snap length, 0 for none."""
    assert written(whole_frames([]), snap=96)[-20:].hex() == "0100000014000000010000006000000014000000"
