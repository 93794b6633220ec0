# SPDX-License-Identifier: GPL-2.0-or-later
"""What one ear heard and need not be written at once: near misses, and speech that goes on. Pure.

Both are written as soon as an upload is known near which they fall: the judge asks for them then. Speech is written
when it has ended anyhow, near misses are forgotten after a minute.
"""

from collections.abc import Iterable

from appliance.ears.join import as_one
from appliance.ears.near import NearMisses
from appliance.events import Speech, Wake
from appliance.limits import NEARLY_TOLD
from appliance.rules.wake import SpeechRule


class Held:
    """Holds facts back until they are due."""

    def __init__(self, rule: SpeechRule) -> None:
        self._rule = rule
        self._near_misses = NearMisses()
        self._speech: list[Speech] = []  #: the last one may go on

    @property
    def since(self) -> float:
        """From when on there is more than what was written; infinity if nothing is held."""
        return min([each.time for each in self._speech[:1]] + [self._near_misses.oldest])

    def nearly(self) -> list[Wake]:
        """Return the last near misses that are held, the newest first."""
        return self._near_misses.last(NEARLY_TOLD)

    def keep(self, fact: Wake | Speech) -> None:
        """Hold a near miss or a piece of speech."""
        if isinstance(fact, Wake):
            self._near_misses.keep(fact)
        elif self._speech and self._go_on(self._speech[-1], fact):
            self._speech[-1] = as_one(self._speech[-1], fact)
        else:
            self._speech.append(fact)

    def near(self, windows: Iterable[tuple[float, float]]) -> list[Wake | Speech]:
        """Return what falls within windows around uploads, to be written now."""
        news: list[Wake | Speech] = []
        for start, end in windows:
            news += self._near_misses.take(start, end)
            news += [each for each in self._speech if each.time <= end and each.ended_at >= start]
            self._speech = [each for each in self._speech if each.time > end or each.ended_at < start]
        return news

    def ended(self, heard_to: float) -> list[Speech]:
        """Return the speech that has ended if everything was heard up to ``heard_to``, to be written now."""
        goes_on_after = heard_to - self._rule.hangover_s
        news = [each for each in self._speech if each.ended_at < goes_on_after]
        self._speech = [each for each in self._speech if each.ended_at >= goes_on_after]
        return news

    def _go_on(self, last: Speech, piece: Speech) -> bool:
        near = piece.time - last.ended_at <= self._rule.hangover_s
        return near and last.kind == piece.kind and piece.ended_at - last.time <= self._rule.longest_s
