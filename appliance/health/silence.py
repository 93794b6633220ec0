# SPDX-License-Identifier: GPL-2.0-or-later
"""Speakers of which nothing is heard any more: even a muted one keeps in touch with its cloud all day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

from appliance.events import Evidence, Finding
from appliance.health.reading import Reading
from appliance.health.trouble import Trouble
from appliance.limits import SILENCE_HALVES_S, SILENCE_START_S, SILENCE_TIMES, SILENCE_USUAL_S
from appliance.report.words import seconds
from appliance.speakers.inventory import Entry
from appliance.status import CaptureStatus

_KIND = "silent-speaker"


@dataclass(slots=True)
class _Habit:
    usual: float = SILENCE_START_S  # the longest silence of the last days, in s
    seen: float = -inf  # when it last sent a frame
    silent: bool = False

    def meet(self, seen: float, since: float) -> None:
        """Take a frame at ``seen``; the silence before it counts if all was seen from ``since`` on.

        A silence that is much longer than usual at most doubles what is usual: a night without power is no habit.
        """
        if seen <= self.seen:
            return
        if self.seen >= since:
            gap = seen - self.seen
            faded = self.usual * 0.5 ** (gap / SILENCE_HALVES_S)
            least, most = SILENCE_USUAL_S
            self.usual = min(max(faded, min(gap, 2 * self.usual), least), most)
        self.seen, self.silent = seen, False


class Silence:
    """Learns how long each speaker is silent at times; one that is silent for SILENCE_TIMES as long is missed.

    Speakers are those that the owner named, and those that were seen on another day: guests, and floods, go unmissed.
    """

    def __init__(self, opened: Iterable[Finding] = (), usual: Mapping[str, float] | None = None) -> None:
        """Go on missing whom an earlier run missed, and with what it learnt of their silences, in s."""
        least, most = SILENCE_USUAL_S
        self._habits = {mac: _Habit(min(max(silence, least), most)) for mac, silence in (usual or {}).items()}
        for each in opened:
            if each.device and each.kind == _KIND:
                habit = self._habits.setdefault(each.device, _Habit())
                habit.seen, habit.silent = each.time, True

    @property
    def usual(self) -> dict[str, float]:
        """The longest silence of each speaker's last days, in s."""
        return {mac: habit.usual for mac, habit in self._habits.items()}

    def feed(self, reading: Reading) -> Iterator[Trouble]:
        """Yield the speakers that are missed. Time in which the capture saw nothing tells nothing."""
        watched = {entry.mac: entry for entry in reading.inventory.devices if entry.watched and entry.resident}
        self._habits = {mac: self._habits.get(mac) or _Habit() for mac in watched}
        for mac, habit in self._habits.items():
            if capture := reading.live:
                _follow(habit, capture, capture.last_seen.get(mac, -inf))
            if habit.silent:
                yield _missed(watched[mac], habit, reading)


def _follow(habit: _Habit, capture: CaptureStatus, seen: float) -> None:
    habit.meet(seen, capture.covered_since)
    quiet = capture.time - max(habit.seen, capture.covered_since)
    habit.silent = habit.silent or quiet > SILENCE_TIMES * habit.usual


def _missed(entry: Entry, habit: _Habit, reading: Reading) -> Trouble:
    name = f"“{entry.name}”" if entry.name else f"the speaker {entry.mac}"
    known = habit.seen > -inf
    span = reading.time - habit.seen
    usual = f"usually it is never silent for more than {seconds(habit.usual)}"
    age = (Evidence("silent_s", round(span, 1), f"its last frame is {seconds(span)} old"),) if known else ()
    return Trouble(
        _KIND,
        f"Nothing has come from {name} for {seconds(span)}." if known else f"Nothing has come from {name} at all.",
        "Is it switched on? If it answers you, its traffic takes another way: run earwitness doctor.",
        device=entry.mac,
        figures=(*age, Evidence("usual_s", round(habit.usual, 1), usual)),
        calm=0.0,
    )
