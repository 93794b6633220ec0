# SPDX-License-Identifier: GPL-2.0-or-later
"""The plan of a day: everything is planned whatever the behaviours, so that leaving one out moves nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.simulate.behaviours import calls, chatter, devices, lookalikes, people, presence, streams, voice
from appliance.simulate.calendar import Calendar
from appliance.simulate.chance import count
from appliance.simulate.speaker import Speaker
from appliance.simulate.stage import Stage

EARLY = 6.0  #: seconds before its moment that a scene begins: its sounds come before its traffic


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of scene: the stretch of the household's day that it needs for itself, and who can play it."""

    play: Callable[[Speaker, float], None]
    before: float
    after: float
    fits: Callable[[Speaker], bool] = lambda _: True


#: in the order in which they find their place in the day: those that need most room first
KINDS: dict[str, Kind] = {
    "outages": Kind(voice.unheard, 300, 520),
    "calls": Kind(calls.call, 30, 420, lambda speaker: speaker.model.calls),
    "boots": Kind(presence.boot, 70, 140),
    "reconnects": Kind(presence.reconnect, 70, 20, lambda speaker: speaker.flow is not None),
    "silence": Kind(voice.silence, 40, 65),
    "unexplained": Kind(voice.unexplained, 25, 65),
    "gaps": Kind(voice.gap, 40, 65),
    "false_wakes": Kind(voice.false_wake, 25, 60),
    "other_wakes": Kind(voice.other_wake, 25, 60),
    "arbitration": Kind(voice.arbitration, 25, 60, lambda speaker: speaker.rival is not None),
    "near_misses": Kind(voice.near_miss, 25, 60),
    "muted": Kind(voice.muted, 25, 25),
    "commands": Kind(voice.command, 20, 62),
}


def plan_day(stage: Stage, speakers: Sequence[Speaker], start: float, others: dict[str, devices.Device]) -> None:
    """Put the scenes of the day that begins at ``start`` on the stage, as far as the play is on by then."""
    calendar = Calendar(start)
    for behaviour, kind in KINDS.items():
        for speaker in filter(kind.fits, speakers):
            dice = speaker.dice("day", start, behaviour)
            for _ in range(count(dice, stage.scenario.rates[behaviour])):
                time = calendar.place(dice, kind.before, kind.after)
                if time is not None:
                    _stage(stage, behaviour, kind, speaker, time)
    for speaker in speakers:
        streams.plan(speaker, start)
    chatter.plan(speakers, start)
    people.plan(stage, speakers, start)
    devices.plan(others, devices.HABITS, "others", start)
    devices.plan(others, lookalikes.HABITS, "lookalikes", start)


def _stage(stage: Stage, behaviour: str, kind: Kind, speaker: Speaker, time: float) -> None:
    if time - kind.before < stage.scenario.start or time + kind.after > stage.scenario.end:
        return
    dice = speaker.dice("outage", time)
    if behaviour == "outages" and stage.wants(behaviour):
        off = (time - dice.uniform(60, 280), time + dice.uniform(60, 500))
        stage.outages.setdefault(speaker.ear, []).append(off)
    if behaviour in ("silence", "gaps") and stage.wants(behaviour):
        stage.hush(speaker.ear, time - 40, time + 60)
    stage.at(time - EARLY, behaviour, lambda: kind.play(speaker, time))
