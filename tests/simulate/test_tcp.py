# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import TCP

from appliance.simulate.chance import Chance
from appliance.simulate.link import Link, Weather
from appliance.simulate.rows import concatenate
from appliance.simulate.tcp import Connection
from appliance.simulate.wire import End
from tests.simulate.playing import packets, payload, stream

BEGIN = 1e9
written = st.lists(st.tuples(st.floats(0, 30), st.booleans(), st.integers(1, 20_000)), min_size=1, max_size=40)


def connection(weather: Weather, snaps: tuple[int, int] = (1 << 16, 1 << 16)) -> Connection:
    device, remote = End(b"\x02" * 6, b"\x0a\0\0\1", 40000), End(b"\x04" * 6, b"\x08\x08\x08\x08", 443)
    return Connection(device, remote, Link(Chance(1), "it", weather), snaps)


@given(written, st.lists(st.floats(0, 40), max_size=4))
def test_both_streams_arrive_whole(told: list[tuple[float, bool, int]], cuts: list[float]) -> None:
    """Whatever the Wi-Fi does and however the play is sliced, the segments hold exactly what was written."""
    flow = connection(Weather(stalls=0.5))
    said = {True: b"", False: b""}
    for number, (time, up, size) in enumerate(sorted(told)):
        content = bytes([number + 1]) * size
        flow.write(BEGIN + time, content, up=up)
        said[up] += content
    slices = [flow.rows(BEGIN + until) for until in (*sorted(cuts), 50)]
    found = packets(concatenate([rows for rows in slices if rows is not None]))
    for up in (True, False):
        if said[up]:
            assert stream(found, 40000, up=up) == said[up]


@given(written)
def test_nothing_is_acknowledged_that_was_not_sent(told: list[tuple[float, bool, int]]) -> None:
    """An ACK number never runs ahead of what the other side has shown by then."""
    flow = connection(Weather(stalls=0.5))
    for time, up, size in told:
        flow.write(BEGIN + time, b"x" * size, up=up)
    rows = flow.rows(BEGIN + 50)
    assert rows is not None
    highest: dict[int, int] = {}
    for packet in packets(rows):
        tcp = packet[TCP]
        if tcp.dport in highest:
            assert tcp.ack <= highest[tcp.dport]
        highest[tcp.sport] = max(highest.get(tcp.sport, 0), tcp.seq + len(payload(packet)))


def test_a_connection_opens_speaks_and_ends() -> None:
    """SYN, SYN and ACK, then data, then FIN from both sides."""
    flow = connection(Weather(0, loss=False, retransmission=False, reordering=False, offload=False))
    ready = flow.open(BEGIN)
    flow.write(ready, b"hello")
    flow.close(ready + 1)
    rows = flow.rows(BEGIN + 10)
    assert rows is not None
    assert flow.idle
    flags = [str(packet[TCP].flags) for packet in packets(rows)]
    assert flags[:4] == ["S", "SA", "A", "PA"]
    assert [flag for flag in flags if "F" in flag] == ["FA", "FA"]


def test_of_bulk_little_is_kept() -> None:
    """Beyond the hello the snap length cuts payload, and the header still says its full length."""
    flow = connection(Weather(0, loss=False, retransmission=False, reordering=False, offload=False), (64, 64))
    ready = flow.open(BEGIN)
    flow.write(ready, b"h" * 700)
    flow.write(ready + 1, b"b" * 100_000)
    rows = flow.rows(BEGIN + 10)
    assert rows is not None
    kept = sorted(len(part) for part in rows.payload if part)
    assert max(kept) <= 1460
    assert kept[0] == 64
    assert 700 in kept
    assert int((rows.wire - rows.head_length).sum()) == 100_700


@pytest.mark.parametrize("size", [4, 16])
def test_no_frame_is_larger_than_ethernet_carries(size: int) -> None:
    """Over IPv4 and over IPv6 a full frame is an IP packet of 1500 bytes, and none is larger."""
    device, remote = End(b"\x02" * 6, b"\x0a" * size, 40000), End(b"\x04" * 6, b"\x08" * size, 443)
    flow = Connection(device, remote, Link(Chance(1), "it", Weather(offload=False)))
    for up in (True, False):
        flow.write(BEGIN, b"x" * 100_000, up=up)
    rows = flow.rows(BEGIN + 10)
    assert rows is not None
    assert int(rows.wire.max()) == 1514


def test_nothing_due_is_nothing() -> None:
    """Before the first write there are no rows."""
    flow = connection(Weather())
    flow.write(BEGIN + 5, b"x")
    assert flow.rows(BEGIN + 1) is None
