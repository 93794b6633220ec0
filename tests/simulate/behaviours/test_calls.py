# SPDX-License-Identifier: GPL-2.0-or-later
from scapy.layers.inet import UDP

from appliance.simulate.behaviours.calls import MEDIA_PORTS, STUN_PORT, call
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0 + 3600


def test_a_call_is_media_both_ways() -> None:
    """After STUN, packets go both ways every 20 ms on the call's ports, for as long as the truth says."""
    theatre = Theatre(calm("telemetry", "reports"))
    it = theatre.speaker()
    call(it, BEGIN + 1)
    told = next(line for line in theatre.truth("upload") if line["kind"] == "call")
    found = [packet for packet in theatre.play() if UDP in packet]
    assert any(packet[UDP].dport == STUN_PORT for packet in found)
    media = [packet for packet in found if packet[UDP].sport >= MEDIA_PORTS[0] and packet[UDP].dport >= MEDIA_PORTS[0]]
    seconds = float(str(told["end"])) - float(str(told["start"]))
    for up in (True, False):
        assert abs(sum((packet.src == it.device) is up for packet in media) - 50 * seconds) < 3
    assert told["verdict"] == "call"
    assert 40 <= seconds <= 241


def test_most_calls_are_asked_for() -> None:
    """Some people call, some drop in: with the first there is a command and a wake word before."""
    asked = []
    for after in range(20):
        theatre = Theatre(calm())
        call(theatre.speaker(), BEGIN + after)
        kinds = [line["kind"] for line in theatre.truth("upload")]
        assert kinds[-1] == "call"
        asked.append(len(theatre.sounds("wake")) == 1 == len(kinds) - 1)
    assert 10 <= sum(asked) < 20
