# SPDX-License-Identifier: GPL-2.0-or-later
"""A microphone by hand: what it hears, live in the terminal; and a word said into it some times."""

from collections import deque
from collections.abc import Iterator
from time import monotonic, sleep

import click
import numpy as np
from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from appliance.ears.engine import RATE, Samples
from appliance.ears.engines import open_ear
from appliance.ears.enrol import EnrolError, word_in
from appliance.ears.level import SILENCE_DB
from appliance.ears.microphone import Microphone
from appliance.events import Speech, Wake
from appliance.limits import EARS_TICK_S, ENROL_LISTENS_S
from appliance.rules import Rules
from appliance.settings import MicrophoneSettings

_SHOWN = 12


class Tryout:
    """One microphone and one ear, for all words; remembers the last things heard."""

    def __init__(self, settings: MicrophoneSettings, rules: Rules) -> None:
        """Raises EngineError if no engine can be had."""
        self.microphone = Microphone(settings)
        self.ear, self.missing = open_ear(settings.name, rules)
        self.heard: deque[Wake | Speech] = deque(maxlen=_SHOWN)

    def step(self, now: float) -> None:
        """Hear what came."""
        for block in self.microphone.read(now):
            self.heard.extend(fact for fact in self.ear.feed(block) if isinstance(fact, Wake | Speech))
        for _ in self.ear.advance(now):
            pass

    def picture(self, now: float) -> Group:
        """Return what to show."""
        state = ", ".join(self.ear.faults) or self.microphone.problem or "listening"
        head = Table.grid(padding=(0, 2))
        level = self.ear.level
        bar = ProgressBar(total=-SILENCE_DB, completed=level - SILENCE_DB, width=40)
        head.add_row(bar, f"{level:6.1f} dBFS", f"floor {self.ear.floor_db:.0f}", state)
        table = Table("ago", "what", "score or level", box=None, pad_edge=False)
        for fact in reversed(self.heard):
            table.add_row(f"{max(0.0, now - fact.time):.1f} s", *_in_words(fact))
        return Group(head, *(Text(words, style="yellow") for words in self.missing), table)


def show(tryout: Tryout, seconds: float | None) -> None:
    """Show it until so many seconds have passed, or somebody interrupts."""
    end = float("inf") if seconds is None else monotonic() + seconds
    try:
        with Live(tryout.picture(monotonic()), refresh_per_second=10) as live:
            while (now := monotonic()) < end:
                tryout.step(now)
                live.update(tryout.picture(now))
                sleep(EARS_TICK_S)
    except KeyboardInterrupt:
        pass
    finally:
        tryout.microphone.close()


def listen_to(settings: MicrophoneSettings, word: str, times: int) -> Iterator[Samples]:
    """Ask for ``word`` so many times, and yield what was said; a try with no word in it is asked for again.

    Raises EnrolError if nothing comes from the microphone.
    """
    microphone = Microphone(settings)
    try:
        for at in range(1, times + 1):
            yield _said(microphone, f"{at} of {times}: press Enter, and say “{word}”")
    finally:
        microphone.close()


def _said(microphone: Microphone, prompt: str) -> Samples:
    while True:
        click.prompt(prompt, default="", show_default=False, prompt_suffix=" ")
        sound = _listen(microphone, ENROL_LISTENS_S)
        try:
            word_in(sound)
        except EnrolError as error:
            click.echo(f"  {error}")
        else:
            return sound


def _listen(microphone: Microphone, seconds: float) -> Samples:
    """Return what is heard from now on."""
    began = monotonic()
    pieces: list[Samples] = []
    while sum(map(len, pieces)) < seconds * RATE:
        now = monotonic()
        pieces += [block.samples for block in microphone.read(now) if block.time >= began]
        if now - began > 3 * seconds:
            raise EnrolError(microphone.problem or "nothing comes from the microphone")
        sleep(EARS_TICK_S)
    return np.concatenate(pieces)


def _in_words(fact: Wake | Speech) -> tuple[str, str]:
    if isinstance(fact, Wake):
        return f"“{fact.word}”{' nearly' if fact.near_miss else ''}", f"{fact.score:.2f}"
    return fact.kind, f"{fact.level:.0f} dBFS" if fact.level is not None else ""
