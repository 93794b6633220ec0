# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.utils import checksum

from appliance.simulate.wire import TCP as TCP_NUMBER
from appliance.simulate.wire import UDP as UDP_NUMBER
from appliance.simulate.wire import End, Lane

addresses = st.one_of(
    st.tuples(*[st.binary(min_size=4, max_size=4)] * 2), st.tuples(*[st.binary(min_size=16, max_size=16)] * 2)
)
ports = st.integers(0, 65535)
numbers = st.integers(0, 1 << 33)


def ends(pair: tuple[bytes, bytes], source: int, target: int) -> tuple[End, End]:
    return End(b"\x02" * 6, pair[0], source), End(b"\x04" * 6, pair[1], target)


@given(addresses, st.tuples(ports, ports), st.integers(0, 64_000), st.tuples(numbers, numbers))
def test_segments_read_back(
    pair: tuple[bytes, bytes], port: tuple[int, int], size: int, number: tuple[int, int]
) -> None:
    """Scapy reads from a TCP header what was put into it, and IPv4's checksum is right."""
    lane = Lane(*ends(pair, *port), TCP_NUMBER)
    flags = np.array([24])
    head = lane.segments(np.array([size]), np.array([number[0]]), np.array([number[1]]), flags)[0, : lane.size]
    frame = Ether(head.tobytes())
    tcp = frame[TCP]
    assert (tcp.sport, tcp.dport, tcp.seq, tcp.ack, int(tcp.flags)) == (*port, number[0] % 2**32, number[1] % 2**32, 24)
    if len(pair[0]) == 4:
        assert frame[IP].len == 40 + size
        assert frame[IP].chksum == checksum(bytes(frame[IP])[:10] + b"\0\0" + bytes(frame[IP])[12:20])
    else:
        assert frame[IPv6].plen == 20 + size


@given(addresses, ports, ports, st.integers(0, 60_000))
def test_datagrams_read_back(pair: tuple[bytes, bytes], source: int, target: int, size: int) -> None:
    """Scapy reads from a UDP header what was put into it."""
    lane = Lane(*ends(pair, source, target), UDP_NUMBER)
    udp = Ether(lane.datagrams(np.array([size]))[0, : lane.size].tobytes())[UDP]
    assert (udp.sport, udp.dport, udp.len) == (source, target, 8 + size)


def test_identifications_count() -> None:
    """IPv4 packets of one direction carry running identifications, over several batches."""
    lane = Lane(*ends((b"\x01" * 4, b"\x02" * 4), 1, 2), UDP_NUMBER)
    heads = [lane.datagrams(np.array([5, 6])), lane.datagrams(np.array([7]))]
    assert [Ether(head.tobytes())[IP].id for batch in heads for head in batch] == [0, 1, 2]
