# SPDX-License-Identifier: GPL-2.0-or-later
"""One microphone and the ear behind it, with what it heard that is not in the ledger yet."""

from collections.abc import Collection, Iterator

from appliance.ears.ear import Heard
from appliance.ears.engines import open_ear
from appliance.ears.health import Fault, Ill, Pace
from appliance.ears.microphone import Microphone
from appliance.events import Coverage, Service, Speech, Wake
from appliance.health.trouble import Trouble
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.rules import Rules
from appliance.settings import MicrophoneSettings
from appliance.status import HEARS, Listening, Nearly

#: What is wrong -> what it means, and what helps.
_WORDS = {
    Ill.DEAD: ("Nothing comes from it", "Check that the microphone is plugged in and has power."),
    Ill.MUTED: ("It gives nothing but zeros", "Switch it on, at the microphone or with alsamixer (F4)."),
    Ill.FLAT: ("It gives hardly any signal", "Check its plug, and its gain with alsamixer (F4)."),
    Ill.CLIPPING: ("It is too loud to tell anything", "Lower its gain with alsamixer (F4)."),
    Ill.LOST: ("Sound was lost", "The machine is too busy, or its USB or power too weak."),
    Ill.WRONG_RATE: ("It gives samples at another rate than asked for", "Use the device plughw: instead of hw:."),
}


class Listener:
    """Hears its microphone, and sorts what was heard into what is news at once and what is held."""

    def __init__(self, settings: MicrophoneSettings, rules: Rules, words: Collection[str] | None, now: float) -> None:
        """Listen for ``words``, all that there are rules for if it is None. Raises EngineError if nothing can."""
        self.name = settings.name
        self.held = Held(rules.wake.speech)
        self.stretches = Stretches(settings.name, now)
        self._rules = rules
        self._microphone = Microphone(settings)
        self._ear, self._missing = open_ear(self.name, rules, words)
        self._pace = Pace(rules.wake.health)
        self._wrong_rate = False
        self._lost = False  # since faults were asked for

    def step(self, now: float) -> list[Wake]:
        """Hear what came; return the wake words that were heard."""
        return self._sort(self._hear(now))

    def listen_for(self, words: Collection[str] | None) -> list[Wake]:
        """Listen for other words from now on; return what was heard before. Raises EngineError."""
        fresh, self._missing = open_ear(self.name, self._rules, words)
        wakes = self._sort(self._ear.finish())
        self._ear, self._wrong_rate = fresh, False
        return wakes

    def close(self) -> list[Wake]:
        """Let go of the microphone; return what was heard at last."""
        self._microphone.close()
        return self._sort(self._ear.finish())

    def troubles(self) -> Iterator[Trouble]:
        """Yield what is wrong with it now."""
        ills = {Ill(words) for words in self._ear.faults} | ({Ill.LOST} if self._lost else set())
        self._lost = False
        for ill in ills:
            what, remedy = _WORDS[ill]
            why = f": {self._microphone.problem}" if ill is Ill.DEAD and self._microphone.problem else ""
            kind = f"ear-{ill.replace(' ', '-')}"
            text = f"The ear “{self.name}” does not hear. {what}{why}."
            yield Trouble(kind, text, remedy, self.name, source=Service.EARS)
        if self._missing:
            text = f"The ear “{self.name}” is hard of hearing: {'; '.join(self._missing)}."
            yield Trouble("ear-lacks-engines", text, "See docs/ears.md.", self.name, source=Service.EARS)

    def status(self, until: float) -> Listening:
        """Return how it is; ``until``: up to when all of it is in the ledger."""
        until = min(until, self.stretches.until)
        return Listening(
            covered_since=min(self.stretches.since, until),
            covered_until=until,
            level=round(self._ear.level, 1),
            nearly=tuple(Nearly(time=each.time, word=each.word, score=each.score) for each in self.held.nearly()),
            state=", ".join(self._ear.faults) or self._microphone.problem or HEARS,
        )

    def _hear(self, now: float) -> Iterator[Heard]:
        blocks = list(self._microphone.read(now))
        if self._microphone.problem:
            self._pace = Pace(self._rules.wake.health)
        wrong = self._pace.feed(sum(len(each.samples) for each in blocks), now) if blocks else None
        if wrong is not None and wrong != self._wrong_rate:
            self._wrong_rate = wrong
            since = now - 2 * self._rules.wake.health.pace_s if wrong else now
            yield from self._ear.wrong_rate(since, wrong=wrong)
        if not self._wrong_rate:
            for block in blocks:
                yield from self._ear.feed(block)
        told = list(self._ear.advance(now))
        if any(isinstance(fact, Fault) and fact.what is Ill.DEAD for fact in told):
            yield from self._ear.finish()  # what was said last is told before the coverage that it was said in
        yield from told

    def _sort(self, heard: Iterator[Heard]) -> list[Wake]:
        wakes = []
        for fact in heard:
            match fact:
                case Wake(near_miss=False):
                    wakes.append(fact)
                case Wake() | Speech():
                    self.held.keep(fact)
                case Coverage():
                    self.stretches.feed(fact)
                case Fault():
                    self._lost |= fact.what is Ill.LOST
        return wakes
