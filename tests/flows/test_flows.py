# SPDX-License-Identifier: GPL-2.0-or-later
import struct
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR, DNSRR

from appliance import limits
from appliance.events import (
    Asked,
    Closed,
    Down,
    FlowKey,
    Glimpse,
    Greeting,
    Lost,
    Named,
    Opened,
    Piece,
    PieceKind,
    Proof,
)
from appliance.flows import Flows
from appliance.flows.sides import COOKED
from tests.flows.frames_of import (
    CLOUD,
    FIN,
    HEADERS,
    HOME,
    ROUTER,
    RST,
    SPEAKER,
    SYN,
    TCP,
    UDP,
    Packet,
    down,
    frames_of,
)
from tests.flows.wire import client_hello, facts_of, hello_records, of, record, records_of, segments

KEY = FlowKey(SPEAKER, "tcp", 50_000, CLOUD, 443)


def dns_answer(time: float, host: str, address: str = CLOUD) -> Packet:
    """Return what the router's resolver answers the speaker."""
    data = bytes(DNS(id=1, qr=1, qd=DNSQR(qname=host), an=DNSRR(rrname=host, type="A", rdata=address, ttl=60)))
    return Packet(time, data, 0, 0, UDP, 53, 40_000, "192.168.1.1", HOME, ROUTER, SPEAKER)


def connection(host: str = "voice.example", records: int = 30) -> list[Packet]:
    """Return a whole connection: opened, named, a beat of records, closed."""
    body = segments(hello_records(client_hello(host)) + record(1, kind=20), [300], start=1001, time=100.1)
    at = 1001 + sum(len(packet.payload) for packet in body)
    beat = [Packet(101 + n * 0.02, record(113), at + n * 118) for n in range(records)]
    return [Packet(100, flags=SYN, sequence=1000), *body, *beat, Packet(110, flags=FIN, sequence=at + records * 118)]


def test_a_connection_from_syn_to_fin() -> None:
    """Opened, named, its records in order of time, closed."""
    facts = facts_of(connection())
    assert facts[:2] == [Opened(100, KEY), Named(100.1, KEY, "voice.example", Proof.SNI)]
    assert facts[2] == Greeting(100.1, KEY, "TLS 1.2", "voice.example")
    assert facts[3:-1] == [Piece(facts[3 + n].time, KEY, 113, PieceKind.RECORD) for n in range(30)]
    assert facts[-1] == Closed(110, KEY)


def traffic(seed: int) -> list[Packet]:
    """Return a minute of everything: speakers, bulk, loss, repeats, names, downstream, datagrams, resets."""
    random = Random(seed)
    packets: list[Packet] = []
    for number in range(6):
        shift = random.uniform(0, 30)
        mac = f"02:00:00:00:01:{number:02x}"
        flow = [replace(p, time=p.time + shift, source_port=50_000 + number % 3, source_mac=mac) for p in connection()]
        flow = [p for p in flow if random.random() > 0.1] + [
            replace(p, time=p.time + 0.2) for p in random.sample(flow, 4)
        ]
        packets += flow
        packets += [
            down(replace(p, time=p.time + random.choice([0, 0.05]), payload=bytes(random.randint(0, 900))))
            for p in flow
        ]
        packets += [replace(dns_answer(99 + shift, "voice.example"), target_mac=mac)]
        packets += [
            Packet(100 + n * 0.03 + shift, bytes(random.choice([50, 200])), 0, 0, UDP, 50_000, 443, source_mac=mac)
            for n in range(30)
        ]
    packets += [
        replace(
            down(Packet(p.time + 0.05, source_port=p.source_port, source_mac=p.source_mac)), acknowledged=p.sequence
        )
        for p in random.sample(packets, 60)
        if p.source == HOME
    ]
    bulk = [101 + n * 0.002 + (n // 30) * 6 for n in range(120)]
    packets += [Packet(time, bytes(20_000), n * 20_000, source_port=49_000) for n, time in enumerate(bulk)]
    large = segments(b"".join(record(random.randint(1, 16_384)) for _ in range(20)), [1448], time=103.0)
    packets += [replace(p, source_port=48_000) for p in large if random.random() > 0.03]
    packets += [down(Packet(101 + n * 0.4, flags=RST, source_port=50_001)) for n in range(10)]
    return sorted(packets, key=lambda packet: packet.time)


@given(st.integers(0, 50), st.integers(1, 400))
@settings(max_examples=30)
def test_chunks_do_not_matter(seed: int, chunk: int) -> None:
    """The same frames in any chunks give the same facts, in order of time."""
    packets = traffic(seed)
    facts = facts_of(packets)
    assert facts_of(packets, chunk) == facts
    assert [fact.time for fact in facts] == sorted(fact.time for fact in facts)


@given(st.integers())
def test_lost_segments_never_make_records(seed: int) -> None:
    """With segments missing, the records found are a run of those sent, and the loss is told."""
    random = Random(seed)
    sent = [random.randint(1, 900) for _ in range(60)]
    stream = b"".join(record(size)[:5] + random.randbytes(size) for size in sent)
    packets = segments(stream, [random.randint(50, 1460) for _ in range(40)], gap=0.2)
    kept = [packet for packet in packets if random.random() > 0.2]
    left = iter(sent)
    facts = facts_of(kept)
    assert all(length in left for length in records_of(facts))
    between = kept[-1].sequence + len(kept[-1].payload) - kept[0].sequence - sum(len(p.payload) for p in kept)
    assert sum(fact.missing for fact in of(Lost, facts) if isinstance(fact, Lost)) == between


@given(st.lists(st.integers(1, 700), min_size=1), st.integers(1, 5))
def test_a_hello_in_any_segments_names_the_flow(sizes: list[int], pieces: int) -> None:
    """The server name is found however the hello is cut into records and segments."""
    stream = hello_records(client_hello("voice.example", padding=600), pieces)
    sizes = [max(size, len(stream) // limits.HELLO_SEGMENTS + 1) for size in sizes]
    facts = facts_of(segments(stream, sizes))
    assert of(Named, facts) == [Named(facts[-1].time, KEY, "voice.example", Proof.SNI)]


def test_dns_names_a_flow_and_sni_names_it_better() -> None:
    """The device's own DNS answer comes before the first piece; the flow's own word comes after and stands."""
    hello = hello_records(client_hello("real.example"))
    facts = facts_of(
        [
            dns_answer(1, "dns.example"),
            Packet(2, record(60), 0),
            Packet(60, hello, 65),
            Packet(61, record(9), 65 + len(hello)),
        ]
    )
    assert facts == [
        Asked(1, SPEAKER, "dns.example"),
        Named(2, KEY, "dns.example", Proof.DNS),
        Piece(2, KEY, 60, PieceKind.RECORD),
        Piece(61, KEY, 9, PieceKind.RECORD),
    ]
    facts = facts_of([dns_answer(1, "dns.example"), Packet(2, hello, 0), Packet(3, record(9), len(hello))])
    assert of(Named, facts) == [Named(2, KEY, "real.example", Proof.SNI)]


def test_dns_over_tcp_may_come_in_pieces() -> None:
    """An answer whose length comes in a segment of its own names the flow like any other."""
    answer = dns_answer(0.5, "voice.example")
    message = struct.pack(">H", len(answer.payload)) + answer.payload
    halves = [
        replace(answer, protocol=TCP, sequence=at, payload=part) for at, part in ((0, message[:2]), (2, message[2:]))
    ]
    facts = facts_of([*halves, Packet(1, record(300))])
    assert [fact.host for fact in facts if isinstance(fact, Named)] == ["voice.example"]


def test_a_late_dns_answer_names_a_flow_that_has_no_name() -> None:
    """A flow that was there before the capture is named when its device asks again."""
    facts = facts_of([Packet(1, record(60), 0), dns_answer(2, "dns.example"), Packet(3, record(60), 65)])
    assert facts[2] == Named(3, KEY, "dns.example", Proof.DNS)


def test_a_retransmission_is_no_second_piece() -> None:
    """Sent twice, counted once; a keep-alive probe counts nothing."""
    facts = facts_of(
        [Packet(1, record(60), 0), Packet(1.3, record(60), 0), Packet(2, b"\0", 64), Packet(3, record(61), 65)]
    )
    assert records_of(facts) == [60, 61]


def test_a_late_segment_fills_its_hole() -> None:
    """What comes out of order within a second is put in order, at the time at which it was complete."""
    facts = facts_of([Packet(1, record(60), 0), Packet(1.1, record(62), 131), Packet(1.5, record(61), 65)])
    assert [(fact.time, fact.length) for fact in of(Piece, facts) if isinstance(fact, Piece)] == [
        (1, 60),
        (1.5, 61),
        (1.5, 62),
    ]


def test_a_hole_is_given_up_by_the_time_of_other_frames() -> None:
    """When anything at all shows that its time was up, the loss is told for that time and the rest comes out."""
    other = Packet(2.2, bytes(200), 0, 0, UDP, 60_000, 443)
    facts = facts_of([Packet(1, record(60), 0), Packet(1.1, record(62), 131), other])
    assert of(Lost, facts) == [Lost(round(1.1 + limits.HOLE_WAIT, 6), KEY, 66)]
    assert records_of(facts) == [60, 62]


def test_cut_segments_stand_for_their_record() -> None:
    """With a snap length, a data segment counts as one record; a handshake is still no data."""
    packets = [
        Packet(1, record(113), 0, cut=20),
        Packet(2, record(500, kind=22), 118, cut=20),
        Packet(3, record(70), 623, cut=3),
    ]
    assert of(Piece, facts_of(packets)) == [Piece(1, KEY, 113, PieceKind.PAYLOAD), Piece(3, KEY, 70, PieceKind.PAYLOAD)]


def test_cut_segments_of_equal_records_stand_for_each() -> None:
    """A header that fits into its cut segment without a rest stands for that many records."""
    assert facts_of([Packet(1, record(113) * 3, 0, cut=20)]) == [Piece(1, KEY, 113, PieceKind.PAYLOAD)] * 3


def test_plain_tcp_counts_in_full() -> None:
    """What is not TLS is counted by its bytes."""
    plain = FlowKey(SPEAKER, "tcp", 50_000, CLOUD, 4070)
    assert facts_of([Packet(1, b"x" * 200, target_port=4070)]) == [Piece(1, plain, 200, PieceKind.PAYLOAD)]


def test_datagrams_are_pieces_but_acknowledgements_are_not() -> None:
    """An upstream datagram is a piece; a small one to 443 is a QUIC acknowledgement."""
    datagram = Packet(1, bytes(1200), 0, 0, UDP, 50_000, 443)
    facts = facts_of([datagram, replace(datagram, time=2, payload=bytes(60))])
    assert facts == [Piece(1, FlowKey(SPEAKER, "udp", 50_000, CLOUD, 443), 1200, PieceKind.DATAGRAM)]


def test_talk_within_the_house_is_never_a_piece() -> None:
    """Between two private addresses or to a group nothing is uploaded."""
    assert (
        facts_of([Packet(1, record(113), target="192.168.1.30"), Packet(1, record(113), target="239.255.255.250")])
        == []
    )


def test_with_ipv6_the_service_is_remote() -> None:
    """When both addresses are global, the lower port is the service's."""
    up = Packet(1, record(2000), source="2001:db8:1::5", target="2001:db8:2::7")
    facts = facts_of([up, down(replace(up, time=1.05, payload=bytes(500))), Packet(3)])
    flow = FlowKey(SPEAKER, "tcp", 50_000, "2001:db8:2::7", 443)
    assert facts == [Piece(1, flow, 2000, PieceKind.RECORD), Down(1.1, flow, 500)]


def test_with_ipv6_the_gateway_tells_the_direction() -> None:
    """Once the gateway is known, its MAC address tells what leaves, whatever the ports: a call has high ones."""
    call = Packet(2, bytes(2000), 0, 0, UDP, 49_200, 50_300, "2001:db8:1::5", "2001:db8:2::7")
    from_outside = down(Packet(1, bytes(10)))
    up = FlowKey(SPEAKER, "udp", 49_200, "2001:db8:2::7", 50_300)
    assert facts_of([from_outside, call, down(replace(call, time=2.01, payload=bytes(160))), Packet(3)]) == [
        Piece(2, up, 2000, PieceKind.DATAGRAM),
        Down(2.1, up, 160),
    ]


@pytest.mark.parametrize("link", sorted(COOKED))
def test_cooked_captures_tell_no_target_but_are_followed(link: int) -> None:
    """Linux cooked captures have the sender's MAC address alone; names and downstream bytes still find their flow."""
    answer = replace(dns_answer(1, "dns.example"), target_mac="")
    reply = replace(down(Packet(2.05, bytes(500))), target_mac="")
    packets = [answer, Packet(2, record(2000), target_mac=""), reply, Packet(3, target_mac="")]
    flows = Flows()
    assert flows.feed(frames_of(packets, link)) == [
        Named(2, KEY, "dns.example", Proof.DNS),
        Piece(2, KEY, 2000, PieceKind.RECORD),
        Down(2.1, KEY, 500),
    ]
    assert flows.devices.known[SPEAKER].bytes_down == 500 + HEADERS


def test_without_mac_addresses_the_device_is_its_ip_address() -> None:
    """Raw IP captures have no MAC addresses."""
    facts = facts_of([Packet(1, record(113), source_mac="", target_mac="")])
    assert facts == [Piece(1, KEY._replace(device=HOME), 113, PieceKind.RECORD)]


def test_downstream_is_summed_in_bins_while_watched() -> None:
    """Downstream bytes count once 2 kB were sent, in bins of 100 ms, until 15 s after the last."""
    reply = down(Packet(payload=bytes(1000)))
    times = [0.5, 1.02, 1.03, 1.31, 15.95, 16.05]
    facts = facts_of(
        [
            *(replace(reply, time=t) for t in times[:1]),
            Packet(1, record(2000)),
            *(replace(reply, time=t) for t in times[1:]),
            Packet(30),
        ]
    )
    assert of(Down, facts) == [Down(1.1, KEY, 2000), Down(1.4, KEY, 1000), Down(16.0, KEY, 1000)]


def test_the_answer_to_a_small_question_is_not_summed() -> None:
    """Downloads are asked for with little: their bytes do not count until as much was sent as voice begins with."""
    reply = down(Packet(payload=bytes(1000)))
    pieces = [
        Packet(1, record(200)),
        Packet(2, record(200), 205),
        Packet(30, record(400), 410),
        Packet(31, record(200), 815),
    ]
    facts = facts_of(
        [
            *pieces[:2],
            replace(reply, time=2.01),
            pieces[2],
            replace(reply, time=30.5),
            pieces[3],
            replace(reply, time=31.05),
        ]
    )
    assert of(Down, facts) == [Down(31.1, KEY, 1000)]


def test_a_reset_from_either_side_closes() -> None:
    """A reset ends the flow and its last bin."""
    packets = [Packet(1, record(2000)), down(Packet(1.01, bytes(10))), down(Packet(1.05, flags=RST))]
    assert facts_of(packets)[1:] == [Down(1.05, KEY, 10), Closed(1.05, KEY)]


def test_a_new_syn_closes_the_old_flow() -> None:
    """Ports are used again."""
    facts = facts_of(
        [Packet(1, flags=SYN, sequence=5), Packet(1.2, flags=SYN, sequence=5), Packet(9, flags=SYN, sequence=1 << 30)]
    )
    assert facts == [Opened(1, KEY), Closed(9, KEY), Opened(9, KEY)]


def test_bulk_is_muted_and_joined_again() -> None:
    """A flow at wire speed is not looked at for ten seconds; its gap is no loss."""
    burst = [Packet(1 + n / 1000, record(16_000), n * 16_005) for n in range(100)]
    after = Packet(20, record(113), 100 * 16_005)
    facts = facts_of([*burst, after])
    assert records_of(facts) == [16_000] * 26 + [113]
    assert of(Lost, facts) == []


def test_a_flow_idle_for_a_day_is_closed() -> None:
    """Silence for a day ends a flow, by the time of other frames."""
    other = Packet(limits.FLOW_IDLE + 200, bytes(200), 0, 0, UDP, 60_000, 443)
    facts = facts_of([Packet(1, record(60)), other])
    assert facts[1] == Closed(other.time, KEY)


def test_the_clock_may_be_set_back() -> None:
    """Frames a little out of order keep the time; after a step back of minutes the new time holds."""
    times = [5000, 5000.5, 5000.4, 5003, 200, 201]
    facts = facts_of([Packet(time, record(60), 65 * n) for n, time in enumerate(times)])
    assert [fact.time for fact in facts] == [5000, 5000.5, 5000.5, 5003, 200, 201]
    assert [
        fact.time for fact in facts_of([Packet(9), *([Packet(time) for time in (500, 1)] * 9), Packet(2, record(60))])
    ] == [500]


def test_shows_are_glimpsed_once() -> None:
    """Multicast DNS of a device is handed on as a whole frame, the same again or a DHCP offer is not."""
    mdns = Packet(1, b"mdns", 0, 0, UDP, 5353, 5353, HOME, "224.0.0.251")
    offer = Packet(2, b"offer", 0, 0, UDP, 67, 68, "192.168.1.1", "255.255.255.255", ROUTER)
    request = Packet(3, b"request", 0, 0, UDP, 68, 67, "0.0.0.0", "255.255.255.255")  # noqa: S104 - an address on the wire
    glimpses = of(Glimpse, facts_of([mdns, replace(mdns, time=1.5), offer, request]))
    assert [(fact.time, fact.device, fact.link) for fact in glimpses if isinstance(fact, Glimpse)] == [
        (1, SPEAKER, 1),
        (3, SPEAKER, 1),
    ]
    assert isinstance(glimpses[0], Glimpse)
    assert glimpses[0].frame.endswith(b"mdns")


def test_a_plain_request_is_glimpsed_and_names_its_flow() -> None:
    """An HTTP request shows the device and the host."""
    request = b"GET /check HTTP/1.1\r\nUser-Agent: x\r\nHost: portal.example:80\r\n\r\n"
    key = KEY._replace(remote_port=80)
    facts = facts_of([Packet(1, request, target_port=80)])
    assert [type(fact) for fact in facts] == [Glimpse, Named, Greeting, Piece]
    assert facts[2] == Greeting(1, key, "HTTP", "portal.example")
    assert facts[1] == Named(1, key, "portal.example", Proof.SNI)
