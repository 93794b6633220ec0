# SPDX-License-Identifier: GPL-2.0-or-later
from collections import Counter
from itertools import pairwise

import pytest
from scapy.layers.inet import TCP, UDP

from appliance.simulate.models import MODELS
from tests.simulate.playing import Theatre, calm, payload, records, stream

BEGIN = 1_781_395_200.0
BEATING = [name for name, model in MODELS.items() if model.voice.codec]


@pytest.mark.parametrize("model", BEATING)
def test_an_upload_is_a_request_a_dump_and_a_beat(model: str) -> None:
    """On the voice flow: header records, the context, what was recorded before, then the codec's beat, then the end."""
    theatre = Theatre(calm())
    it = theatre.speaker(model)
    spoken = it.speak(BEGIN, 4.0)
    codec = it.voice.codec
    assert codec is not None
    found = theatre.play()
    lengths = records(stream(found, spoken.device_port, up=True))
    assert tuple(lengths[: len(it.voice.header)]) == it.voice.header
    assert it.voice.context[0] <= lengths[len(it.voice.header)] <= it.voice.context[1]
    assert tuple(lengths[-len(it.voice.end) :]) == it.voice.end
    beats = sum(codec.record[0] <= length <= codec.record[1] for length in lengths)
    assert 0.85 * 3.5 / codec.beat <= beats <= 4.0 / codec.beat + 12
    at_once = [packet for packet in found if packet.src == it.device and float(packet.time) < BEGIN + 0.5]
    assert sum(len(payload(packet)) for packet in at_once) > it.voice.dump[0]


def test_the_beat_is_steady() -> None:
    """An Echo's records of 113 B leave about every 20 ms, none more than 80 ms after the last."""
    theatre = Theatre(calm())
    theatre.speaker().speak(BEGIN, 4.0)
    times = [float(packet.time) for packet in theatre.play() if TCP in packet and len(payload(packet)) == 118]
    gaps = sorted(after - before for before, after in pairwise(times))
    assert gaps[len(gaps) // 2] == pytest.approx(0.0202, abs=0.004)
    assert gaps[-1] < 0.08


def test_the_truth_of_an_upload_is_what_was_sent() -> None:
    """Start and end are those of the first and last frame of it."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    spoken = it.speak(BEGIN, 3.0)
    sent = [float(packet.time) for packet in theatre.play() if packet.src == it.device and payload(packet)]
    assert sent[0] == pytest.approx(spoken.start, abs=0.01)
    assert sent[-1] == pytest.approx(spoken.end, abs=0.01)


def test_a_follow_up_has_no_dump() -> None:
    """Where the microphone was open already, nothing was recorded before."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    spoken = it.speak(BEGIN, 2.0, dump=False)
    lengths = Counter(records(stream(theatre.play(), spoken.device_port, up=True)))
    assert max(lengths) <= it.voice.context[1]


def test_a_mini_speaks_quic() -> None:
    """A Home Mini sends 56 to 90 kB a second in datagrams of about 977 B, far less coming back."""
    theatre = Theatre(calm())
    it = theatre.speaker("home-mini")
    spoken = it.speak(BEGIN, 2.0)
    found = [packet for packet in theatre.play() if UDP in packet and 443 in {packet[UDP].sport, packet[UDP].dport}]
    up = [len(payload(packet)) for packet in found if packet.src == it.device and float(packet.time) >= spoken.start]
    audio = [size for size in up if size > 60]
    assert 100_000 < sum(audio) < 190_000
    assert 750 < sum(audio) / len(audio) < 1200
    assert sum(len(payload(packet)) for packet in found if packet.dst == it.device) < 0.4 * sum(audio)


def test_a_new_voice_flow_shows_its_name_or_hides_it() -> None:
    """After a reconnect uploads go over the new flow, opened in the model's manner."""
    theatre = Theatre(calm("ipv6"))
    it = theatre.speaker("echo-tls13")
    before = it.speak(BEGIN, 1.0)
    ready = it.connect(BEGIN + 10)
    after = it.speak(ready, 1.0)
    assert before.device_port != after.device_port
    assert it.voice.host.encode() in stream(theatre.play(), after.device_port, up=True)


def test_a_reply_comes_down() -> None:
    """The reply begins at most 1.1 s after the last audio, and is far larger than a refusal."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    done = it.reply(BEGIN)
    down = [packet for packet in theatre.play() if packet.dst == it.device]
    large = [float(packet.time) for packet in down if len(payload(packet)) > 1000]
    assert 0.25 < large[0] - BEGIN < 1.2
    assert done >= large[0]
