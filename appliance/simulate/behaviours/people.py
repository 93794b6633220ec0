# SPDX-License-Identifier: GPL-2.0-or-later
"""The people: they talk to each other."""

from collections.abc import Sequence
from functools import partial

from appliance.simulate.chance import count
from appliance.simulate.sounds import speech
from appliance.simulate.speaker import Speaker
from appliance.simulate.stage import Stage

TALK = (30.0, 400.0)  #: seconds a conversation lasts


def plan(stage: Stage, speakers: Sequence[Speaker], day: float) -> None:
    """Put a day's talk on the stage."""
    dice = stage.dice("talk", day)
    for ear in sorted({speaker.ear for speaker in speakers}):
        for _ in range(count(dice, stage.scenario.rates["conversations"] / max(1, len(speakers)))):
            start = day + dice.uniform(7, 22.5) * 3600
            stage.at(start, "conversations", partial(talk, stage, ear, start))


def talk(stage: Stage, ear: str, start: float) -> None:
    """Let people talk, but not where a scene needs silence."""
    dice = stage.dice("conversation", ear, start)
    time, end = start, start + dice.uniform(*TALK)
    while time < end:
        until = time + dice.uniform(0.8, 6)
        kind = dice.choice(("speech", "speech", "speech", "other"))
        if not stage.hushed(ear, time, until):
            speech(stage, ear, time, until, kind)
        time = until + dice.uniform(0.4, 8)
