# SPDX-License-Identifier: GPL-2.0-or-later
from scapy.layers.inet import TCP, UDP

from appliance.simulate.behaviours import chatter
from appliance.simulate.speaker import Speaker
from tests.simulate.playing import Theatre, calm, payload


def neighbours() -> tuple[Theatre, Speaker, Speaker]:
    theatre = Theatre(calm(days=0.01))
    one, other = theatre.speaker(), theatre.speaker("echo-dot-3", "hall", 1)
    one.neighbour = other
    return theatre, one, other


def test_neighbours_poll_each_other() -> None:
    """Every half minute a question goes to the neighbour's port 55443 and is answered, without the router."""
    theatre, one, other = neighbours()
    chatter.begin(one)
    chatter.begin(other)
    found = [packet for packet in theatre.play() if payload(packet)]
    assert {(packet.src, packet.dst) for packet in found} == {(one.device, other.device), (other.device, one.device)}
    asked = [packet for packet in found if packet[TCP].dport == chatter.POLL_PORT]
    assert len(asked) in {28, 29}


def test_neighbours_keep_a_beat() -> None:
    """A beat is tiny datagrams every 43 ms between ports 55444, and the truth calls it chatter."""
    theatre, one, _ = neighbours()
    chatter.beat(one, one.stage.scenario.start)
    found = [packet for packet in theatre.play() if packet.src == one.device]
    assert {packet[UDP].dport for packet in found} == {chatter.BEAT_PORT}
    assert max(len(payload(packet)) for packet in found) < 30
    assert theatre.truth()[0]["kind"] == "chatter"


def test_who_has_no_neighbour_is_quiet() -> None:
    """A speaker alone of its vendor talks to nobody."""
    theatre = Theatre(calm(days=0.01))
    alone = theatre.speaker()
    chatter.begin(alone)
    chatter.plan([alone], alone.stage.scenario.start)
    chatter.beat(alone, alone.stage.scenario.start)
    assert theatre.play() == []
