# SPDX-License-Identifier: GPL-2.0-or-later
from scapy.layers.dns import DNS
from scapy.layers.inet import TCP, UDP
from scapy.layers.inet6 import IPv6

from appliance.simulate.network import Manner
from tests.simulate.playing import Theatre, calm, packets, payload, records, stream

BEGIN = 1_781_395_200.0


def test_opening_shows_the_name_twice() -> None:
    """A new connection asks for the name, then says it in its hello; what follows is whole TLS records."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    flow, ready = theatre.stage.net.open(it.machine, "voice.example", BEGIN)
    flow.write(ready, theatre.stage.noise.record(100))
    flow.close(ready + 1)
    found = theatre.play()
    assert found[0][DNS].qd[0].qname == b"voice.example."
    up = stream(found, flow.device.port, up=True)
    assert b"voice.example" in up
    assert records(up)[-1] == 100
    assert records(stream(found, flow.device.port, up=False))


def test_some_connections_hide_their_name() -> None:
    """Without server name the hello does not hold it."""
    theatre = Theatre(calm())
    flow, _ = theatre.stage.net.open(theatre.speaker().machine, "voice.example", BEGIN, Manner(sni=False))
    assert b"voice.example" not in stream(theatre.play(), flow.device.port, up=True)


def test_an_answer_is_good_for_a_while() -> None:
    """Within a minute nobody asks for the same name twice; after it, or in another family, they do."""
    theatre = Theatre(calm())
    net, machine = theatre.stage.net, theatre.speaker().machine
    for after in (0, 30, 61):
        net.look_up(machine, "a.example", BEGIN + after)
    net.look_up(machine, "a.example", BEGIN, Manner(v6=True))
    assert sum(DNS in packet and packet[DNS].qr == 0 for packet in theatre.play()) == 3


def test_quic_opens_with_an_initial_that_is_kept() -> None:
    """The first datagram of a QUIC connection is whole even in bulk."""
    theatre = Theatre(calm())
    machine = theatre.speaker().machine
    theatre.stage.net.open_quic(machine, "video.example", BEGIN, Manner(v6=True, bulk=True))
    first = next(packet for packet in theatre.play() if UDP in packet and packet[UDP].dport == 443)
    assert IPv6 in first
    assert len(payload(first)) == 1250


def test_neighbours_meet_without_the_router() -> None:
    """A conversation in the home goes from one device's MAC address to the other's."""
    theatre = Theatre(calm())
    one, other = theatre.speaker(), theatre.speaker(room="hall", number=1)
    theatre.stage.net.local(one.machine, other.machine, 55443).write(BEGIN, b"x")
    (frame, *_) = theatre.play()
    assert (frame.src, frame.dst, frame[TCP].dport) == (one.device, other.device, 55443)


def test_ready_frames_wait_for_their_time() -> None:
    """A frame of later is not given out early."""
    theatre = Theatre(calm())
    theatre.stage.net.frame(BEGIN + 5, b"\x00" * 60)
    assert theatre.stage.net.rows(BEGIN + 5) == []
    (rows,) = theatre.stage.net.rows(BEGIN + 6)
    assert len(packets(rows)) == 1
