# SPDX-License-Identifier: GPL-2.0-or-later
"""One ear of other software, from what it tells to facts. Pure.

It tells a wake word that it heard. What it misses, whether its switch is off, and whether the room is quiet, it does
not tell: from its silence nothing follows (``judge.coverage``).
"""

import re

from appliance.events import NAMES_ONLY, Coverage, Wake
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.limits import SOUND_NAME_CHARACTERS, WYOMING_LATE_S, WYOMING_WAKES, WYOMING_WAKES_S
from appliance.rules.wake import SpeechRule
from appliance.status import Listening
from appliance.wyoming.lines import Event

#: A detection has no score, only that it passed its threshold, which is 0.5 in the programs that are in use.
_SCORE = 0.5
_VERSION = re.compile(r"[ _-]v?\d+([._]\d+)*$")  #: "alexa_v0.1", "computer_v2"
_APART = re.compile(r"[\s_-]+")


class WyomingEar:
    """Takes the events of one connection after another."""

    def __init__(self, name: str, rule: SpeechRule, now: float) -> None:
        """Take the name that the settings give it, and steady seconds."""
        self.name = NAMES_ONLY + name
        self.held = Held(rule)  # it holds nothing back: every word is news
        self.stretches = Stretches(self.name, now)
        self.connected = False
        self._since = now
        self._heard: list[float] = []  #: when it told the words of the last while
        self.refused = 0  #: words too many

    def connect(self, now: float) -> None:
        """Say that it is there."""
        self.connected, self._since = True, now

    def feed(self, event: Event, now: float) -> Wake | None:
        """Take an event; return the wake word that it tells, if it is one."""
        word = word_of(event.data.get("name")) if event.type == "detection" else ""
        if not word:
            return None
        self._heard = [at for at in self._heard if at > now - WYOMING_WAKES_S]
        if len(self._heard) >= WYOMING_WAKES:
            self.refused += 1
            return None
        self._heard.append(now)
        return Wake(now, self.name, word, _SCORE)

    def advance(self, now: float) -> None:
        """Say that it is ``now``: while it is connected, all that it heard some time ago was told."""
        if self.connected and now - WYOMING_LATE_S > self._since:
            self.stretches.feed(Coverage(self._since, now - WYOMING_LATE_S, self.name))
            self._since = now - WYOMING_LATE_S

    def leave(self, now: float) -> None:
        """Say that it is gone."""
        self.advance(now)
        self.connected = False

    def status(self, until: float) -> Listening:
        """Return how it is; ``until``: up to when all of it is in the ledger."""
        until = min(until, self.stretches.until)
        return Listening(covered_since=min(self.stretches.since, until), covered_until=until, state="connected")


def word_of(name: object) -> str:
    """Return the wake word that a model of this name knows: "ok_nabu_v0.1" is "ok nabu"; nothing if it is no word."""
    if not isinstance(name, str):
        return ""
    plain = "".join(each if each.isprintable() else " " for each in name[: 2 * SOUND_NAME_CHARACTERS])
    return _APART.sub(" ", _VERSION.sub("", plain.strip().lower())).strip()[:SOUND_NAME_CHARACTERS]
