# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes down in bulk: music and firmware. Upstream there is nothing but ACKs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from appliance.simulate.chance import count
from appliance.simulate.network import Manner
from appliance.simulate.speaker import Speaker

MUSIC_LASTS = (120.0, 900.0)  #: seconds
MUSIC_RATE = 20_000  #: bytes a second: 160 kbit/s
MUSIC_PART = 10.0  #: seconds of music fetched at once
UPDATE_SIZE = (12_000_000, 45_000_000)  #: bytes of firmware
UPDATE_RATE = 2_500_000  #: bytes a second
Play = Callable[[Speaker, float], None]
RECORD = 16_408  #: record length of bulk data


def plan(speaker: Speaker, day: float) -> None:
    """Put a day's music and updates on the stage."""
    dice = speaker.dice("streams", day)
    rates = speaker.stage.scenario.rates
    for _ in range(count(dice, rates["music"])):
        start = day + dice.uniform(7, 22) * 3600
        speaker.stage.at(start, "music", partial(music, speaker, start))
    for _ in range(count(dice, rates["updates"])):
        start = day + dice.uniform(2, 4) * 3600
        speaker.stage.at(start, "updates", partial(update, speaker, start))


def bulk(speaker: Speaker) -> Manner:
    """Return how a speaker opens a connection that fetches in bulk."""
    return replace(speaker.manner, bulk=True)


def music(speaker: Speaker, start: float) -> None:
    """Play music: a part every ten seconds, as fast as the line gives it."""
    dice = speaker.dice("music", start)
    lasts = dice.uniform(*MUSIC_LASTS)
    flow, ready = speaker.stage.net.open(speaker.machine, speaker.model.music, start, bulk(speaker))
    time = ready
    while time < start + lasts:
        flow.write(time, speaker.stage.noise.record(dice.randint(280, 420)))
        for part in range(int(MUSIC_RATE * MUSIC_PART / RECORD)):
            flow.write(time + 0.03 + part * 0.004, speaker.stage.noise.record(RECORD), up=False)
        time += MUSIC_PART
    flow.close(time)
    speaker.stage.burst(speaker.device, start, time, "music")


def update(speaker: Speaker, start: float) -> None:
    """Fetch firmware."""
    dice = speaker.dice("update", start)
    flow, time = speaker.stage.net.open(speaker.machine, speaker.model.update, start, bulk(speaker))
    flow.write(time, speaker.stage.noise.record(310))
    for _ in range(dice.randint(*UPDATE_SIZE) // RECORD):
        time += RECORD / UPDATE_RATE
        flow.write(time, speaker.stage.noise.record(RECORD), up=False)
    flow.close(time + 1)
    speaker.stage.burst(speaker.device, start, time, "ota")
