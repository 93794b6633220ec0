# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.blocks import NANOSECONDS, interface, options, packet_blocks, section
from tests.capture.craft import read

TIMES = st.integers(0, (1 << 62) - 1)
COMMENTS = st.lists(st.text("abc é{}", min_size=1, max_size=40), max_size=3)
PACKETS = st.lists(st.tuples(TIMES, st.binary(max_size=60), st.integers(0, 70_000), COMMENTS), max_size=20)


def written(told: list[tuple[int, bytes, int, list[str]]]) -> bytes:
    """Return the blocks of packets, each given as time, bytes, bytes more on the wire, and comments."""
    said = [options(*comments) for _, _, _, comments in told]
    captured = np.array([len(data) for _, data, _, _ in told], np.int64)
    wire = captured + np.array([more for _, _, more, _ in told], np.int64)
    time = np.array([time for time, _, _, _ in told], np.int64)
    out, at = packet_blocks(time, captured, wire, np.array([len(each) for each in said], np.int64))
    for begin, (_, data, _, _), comment in zip(at.tolist(), told, said, strict=True):
        out[begin : begin + len(data)] = np.frombuffer(data, np.uint8)
        behind = begin + len(data) + -len(data) % 4
        out[behind : behind + len(comment)] = np.frombuffer(comment, np.uint8)
    return out.tobytes()


@given(PACKETS)
def test_what_is_written_is_read(told: list[tuple[int, bytes, int, list[str]]]) -> None:
    """Our reader finds each packet's time to the nanosecond, its bytes and its length, whatever options are beside."""
    found = read(section("it") + interface(link=101, resolution=NANOSECONDS) + written(told))
    assert found.capture.damage is None
    assert found.records == [(time, data) for time, data, _, _ in told]
    assert found.wire == [len(data) + more for _, data, more, _ in told]


def test_a_section_says_all_its_comments() -> None:
    """Comments come back in their order, with whatever characters they have."""
    assert read(section("what it is", '{"é":"\\n"}') + interface()).capture.comments == ("what it is", '{"é":"\\n"}')


def test_the_interface_states_its_unit_only_where_it_is_not_the_usual() -> None:
    """Microseconds are what holds without a word."""
    assert len(interface()) == 20
    assert interface(resolution=NANOSECONDS)[16:24] == bytes([9, 0, 1, 0, 9, 0, 0, 0])
