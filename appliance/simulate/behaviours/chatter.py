# SPDX-License-Identifier: GPL-2.0-or-later
"""Speakers of one vendor that talk to each other in the LAN: never an upload."""

from collections.abc import Sequence
from functools import partial

from appliance.simulate.chance import count
from appliance.simulate.speaker import Speaker

POLL_PORT = 55443  #: TCP, a question of 713 B and two answers (Echo Dot 3 capture, PETS 2020)
POLL_EVERY = 30.0  #: seconds; 10 in the capture
BEAT_PORT = 55444  #: UDP, tiny datagrams for minutes
BEAT = 0.043  #: seconds
BEAT_LASTS = (20.0, 120.0)  #: seconds; real ones last for hours, which would only make the file larger


def begin(speaker: Speaker) -> None:
    """Let a speaker poll its neighbour for ever."""
    other, net = speaker.neighbour, speaker.stage.net
    if other is None:
        return
    flow = net.local(speaker.machine, other.machine, POLL_PORT)

    def poll(time: float) -> None:
        flow.write(time, speaker.stage.noise.record(713))
        flow.write(time + 0.002, speaker.stage.noise.record(41), up=False)
        for length in (50, 44, 26, 120):
            flow.write(time + 0.004, speaker.stage.noise.record(length), up=False)

    first = speaker.stage.scenario.start + speaker.dice("poll").uniform(0, POLL_EVERY)
    speaker.stage.every(first, POLL_EVERY, "chatter", poll)


def plan(speakers: Sequence[Speaker], day: float) -> None:
    """Put a day's beats between neighbours on the stage."""
    for speaker in speakers:
        dice = speaker.dice("chatter", day)
        for _ in range(count(dice, speaker.stage.scenario.rates["chatter"]) if speaker.neighbour else 0):
            start = day + dice.uniform(0, 86_000)
            speaker.stage.at(start, "chatter", partial(beat, speaker, start))


def beat(speaker: Speaker, start: float) -> None:
    """Exchange tiny datagrams with the neighbour at a steady beat."""
    if speaker.neighbour is None:
        return
    dice, noise = speaker.dice("beat", start), speaker.stage.noise
    flow = speaker.stage.net.local_datagrams(speaker.machine, speaker.neighbour.machine, BEAT_PORT)
    time, end = start, start + dice.uniform(*BEAT_LASTS)
    while time < end:
        flow.write(time, noise.take(dice.choice((8, 8, 22))))
        flow.write(time + 0.003, noise.take(16), up=False)
        time += BEAT
    flow.close()
    speaker.stage.burst(speaker.device, start, end, "chatter")
