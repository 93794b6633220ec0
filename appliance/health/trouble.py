# SPDX-License-Identifier: GPL-2.0-or-later
"""What a check finds wrong at one moment, and how that becomes findings with a begin and an end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from appliance.events import Evidence, Finding, Service
from appliance.limits import HEALTH_CALM_S


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong now. It is told when it has held for ``after`` s, and over when gone for ``calm`` s."""

    kind: str  #: a stable word for programs
    text: str  #: what is wrong, in a sentence
    remedy: str  #: what to do, in a sentence
    device: str | None = None  #: the device or ear that it concerns
    figures: tuple[Evidence, ...] = ()
    after: float = 0.0
    calm: float = HEALTH_CALM_S
    source: Service = Service.HUB  #: who found it

    def finding(self, time: float) -> Finding:
        """Return the finding that begins at ``time``; the remedy is the last of its figures."""
        remedy = Evidence("remedy", None, self.remedy)
        return Finding(time, None, self.source, self.kind, self.device, self.text, (*self.figures, remedy))


@dataclass(slots=True)
class _Episode:
    finding: Finding
    last: float  # when it held last
    told: bool = False
    calm: float = HEALTH_CALM_S


class Episodes:
    """Troubles joined over time, so that one that comes and goes is told once."""

    def __init__(self, opened: Iterable[Finding] = ()) -> None:
        """Go on with findings that were told by an earlier run of this boot and have not ended."""
        self._episodes = {(each.kind, each.device): _Episode(each, each.time, told=True) for each in opened}

    def feed(self, time: float, troubles: Iterable[Trouble]) -> list[Finding]:
        """Take all that is wrong at ``time``; return the findings that begin and that end by it."""
        now = {(trouble.kind, trouble.device): trouble for trouble in troubles}
        begun = [finding for trouble in now.values() if (finding := self._holds(time, trouble))]
        return begun + self._over(time, now.keys())

    @property
    def open(self) -> list[Finding]:
        """The findings that were told and have not ended, as they are now."""
        return [each.finding for each in self._episodes.values() if each.told]

    def _holds(self, time: float, trouble: Trouble) -> Finding | None:
        key = (trouble.kind, trouble.device)
        episode = self._episodes.setdefault(key, _Episode(trouble.finding(time), time))
        episode.last, episode.calm = time, trouble.calm
        episode.finding = trouble.finding(episode.finding.time)
        if episode.told or time - episode.finding.time < trouble.after:
            return None
        episode.told = True
        return episode.finding

    def _over(self, time: float, held: Iterable[tuple[str, str | None]]) -> list[Finding]:
        """Return what has ended: with the words of when it held last, which know its whole extent."""
        away = {key: self._episodes[key] for key in self._episodes.keys() - set(held)}
        gone = {key: each for key, each in away.items() if not each.told or time - each.last >= each.calm}
        for key in gone:
            del self._episodes[key]
        return [replace(each.finding, ended_at=each.last) for each in gone.values() if each.told]
