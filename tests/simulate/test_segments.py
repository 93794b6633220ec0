# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.rows import I64
from appliance.simulate.segments import FIN, PSH, SYN, Write, received_until, segment, sent_until

writes = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5000)), min_size=1, max_size=30)
MSS = 1440


def ones(bursts: int) -> I64:
    return np.ones(bursts, np.int64)


def wrote(time: float, content: bytes, flags: int = 0) -> Write:
    return Write(time, up=True, content=content, flags=flags)


def cut_up(told: list[Write], unit: int = 1) -> tuple[list[bytes], list[int], list[int]]:
    times = np.array([write.time for write in told], np.float64)
    cut = segment(told, times, 1000, MSS, lambda bursts: ones(bursts) * unit)
    return [bytes(part) for part in cut.payload], cut.start.tolist(), cut.flags.tolist()


@given(writes, st.sampled_from([1, 2, 44]))
def test_segments_are_the_stream_cut_up(sizes: list[tuple[int, int]], unit: int) -> None:
    """All bytes appear once, in order, under running numbers, in segments no larger than allowed."""
    told = [wrote(time, bytes([n % 251]) * size) for n, (time, size) in enumerate(sorted(sizes))]
    parts, numbers, _ = cut_up(told, unit)
    assert b"".join(parts) == b"".join(write.content for write in told)
    assert numbers == [1000 + sum(map(len, parts[:n])) for n in range(len(parts))]
    assert max(map(len, parts)) <= unit * MSS


def test_what_is_written_at_once_leaves_together() -> None:
    """Writes of one moment share segments; a later one begins its own."""
    parts, _, flags = cut_up([wrote(1, b"a"), wrote(1, b"b"), wrote(2, b"c")])
    assert parts == [b"ab", b"c"]
    assert flags == [PSH, PSH]


def test_opening_and_end_take_a_number() -> None:
    """SYN and FIN stand alone and count as one byte."""
    _, numbers, flags = cut_up([wrote(1, b"", SYN), wrote(1, b"hi"), wrote(1, b"", FIN)])
    assert numbers == [1000, 1001, 1003]
    assert [flag & (SYN | FIN) for flag in flags] == [SYN, 0, FIN]


def test_a_hole_is_not_acknowledged_over() -> None:
    """What came after a late segment is acknowledged only when that one has come."""
    told = [wrote(n, b"x" * 10) for n in range(3)]
    cut = segment(told, np.arange(3.0), 0, MSS, ones)
    cut.time[1] = 9.0
    assert received_until(cut, 0, np.array([-1.0, 0.5, 5.0, 9.5])).tolist() == [0, 10, 10, 30]
    assert sent_until(cut, 0, np.array([-1.0, 0.5, 5.0, 9.5])).tolist() == [0, 10, 30, 30]
