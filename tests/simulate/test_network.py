# SPDX-License-Identifier: GPL-2.0-or-later
import math
from dataclasses import replace

import numpy as np
import pytest
from scapy.layers.dns import DNS
from scapy.layers.inet import TCP, UDP
from scapy.layers.inet6 import IPv6

from appliance.simulate.network import Manner
from appliance.simulate.rows import F64, I64, Rows, concatenate
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


def beat(*behaviours: str) -> Rows:
    """Send 20,000 records of 100 bytes, one every 10 ms, over a network that has only these troubles."""
    perfect = calm()
    theatre = Theatre(replace(perfect, behaviours=perfect.behaviours | set(behaviours)))
    flow = theatre.stage.net.connection(theatre.speaker().machine, "voice.example")
    for number in range(20_000):
        flow.write(BEGIN + number / 100, b"x" * 100)
    rows = concatenate(theatre.stage.net.rows(math.inf))
    return rows.take(np.argsort(rows.time, kind="stable"))


def sightings(rows: Rows) -> tuple[I64, F64]:
    """Return of each record, as often as it was seen and in order of time, its number and how late it was."""
    data = rows.take(np.flatnonzero(rows.wire > rows.head_length))
    sequence = data.head[:, 38:42].copy().view(">u4").ravel().astype(np.int64)
    number = (sequence - sequence[0]) % (1 << 32) // 100
    return number, data.time / 1e6 - BEGIN - number / 100


@pytest.mark.parametrize("behaviours", [(), ("loss",), ("retransmission",), ("loss", "retransmission")])
def test_loss_is_seen_late_and_retransmission_twice(behaviours: tuple[str, ...]) -> None:
    """What is lost is seen once, a timeout late; what is sent again is seen twice; neither without its behaviour."""
    number, late = sightings(beat(*behaviours))
    seen, first, times = np.unique(number, return_index=True, return_counts=True)
    assert len(seen) == 20_000
    delay, again = late[first], np.delete(np.arange(len(late)), first)
    lost, waited = delay[delay > 0.01], late[again] - delay[number[again]]
    assert (len(lost) > 0) is ("loss" in behaviours)
    assert (len(waited) > 0) is ("retransmission" in behaviours)
    assert times.max() <= 2
    assert all(0.19 < seconds < 0.36 for seconds in (*lost, *waited))


def test_what_comes_twice_is_acknowledged_twice() -> None:
    """There is an ACK for each sight of a record, the first and the second."""
    rows = beat("loss", "retransmission")
    data = int((rows.wire > rows.head_length).sum())
    assert len(rows) - data == data > 20_000
