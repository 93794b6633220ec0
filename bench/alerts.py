# SPDX-License-Identifier: GPL-2.0-or-later
"""How many messages a person gets in a simulated month with a stormy week.

    python -m bench.alerts [SEED]

Plays the packaged household for 30 days, the second week with ten times as many uploads that nobody asked for, analyses
it, and tells one channel of every verdict as the hub does: with the household's own caps and quiet hours, each message
taken and seen at once, and each week's summary on its morning. A message that is put in place of itself is one; where
that cannot be it is another each time. Prints, in Markdown, messages per day, and what became of the urgent. All of it
is simulated.
"""

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from appliance.analysis import Analysis, hear
from appliance.diary.entries import Entry
from appliance.events import Tell, Verdict
from appliance.household import Caps, Choices, Quiet
from appliance.notify.desk import decide
from appliance.notify.digest import digest
from appliance.notify.message import Form, Message, State
from appliance.notify.news import News, of_entry
from appliance.notify.terms import Terms
from appliance.notify.week import midnight, week_of, weekly
from appliance.rules import load_rules
from appliance.simulate.household import simulate
from appliance.simulate.scenario import DAY, RATES, START, Scenario

RULES = load_rules(None)
#: Days, and how many times as often something is sent that nobody asked for.
WEEKS = ((7, 1.0), (7, 10.0), (16, 1.0))
STORM = ("unexplained", "silence", "false_wakes", "other_wakes")
QUIET = Quiet(on=True, begin=time(22), end=time(7))
HOUR = 3_600.0


def verdicts(seed: int) -> Iterator[Verdict]:
    """Yield the month's verdicts in order of time."""
    start = START
    for part, (days, storm) in enumerate(WEEKS):
        rates = {name: RATES[name] * storm for name in STORM}
        scenario = Scenario(days=days, seed=seed + part, start=start, rates=RATES | rates)
        yield from sorted(_analysed(scenario), key=lambda verdict: verdict.time)
        start += days * DAY


def _analysed(scenario: Scenario) -> Sequence[Verdict]:
    with tempfile.TemporaryDirectory() as name, Progress(console=Console(stderr=True)) as progress:
        folder = Path(name)
        task = progress.add_task(f"{scenario.days:.0f} days", total=2.0)
        simulate(scenario, folder, lambda share: progress.update(task, completed=share))
        analysis = Analysis(RULES, hear(folder / "sounds.jsonl"))
        capture = folder / "capture.pcapng"
        size = capture.stat().st_size
        analysis.read(capture, "x", lambda done, _size: progress.update(task, completed=1 + done / size))
        (report,) = analysis.reports()
        return report.verdicts


class Person:
    """Somebody with one channel, who sees every message at once."""

    def __init__(self, caps: Caps, *, updates: bool) -> None:
        self._terms = Terms(RULES.alerts, caps, QUIET, UTC, updates=updates)
        self._morning = START + 9 * HOUR
        self.kept: list[Message] = []
        self.got: list[tuple[float, Message]] = []
        self.seen: set[str] = set()  # of what they were told, in whichever message

    def hear(self, news: News, now: float) -> None:
        """Be told of something."""
        self.sleep(now)
        message = decide("phone", news, self.kept, self._terms, now)
        if message is not None:
            self._keep(message, now)

    def sleep(self, now: float) -> None:
        """Let time pass, and digests and summaries come."""
        while (at := self._next()) <= now:
            for message in (*digest("phone", self.kept, self._terms, at), *self._summary(at)):
                self._keep(message, at)

    def _summary(self, at: float) -> list[Message]:
        """Return the week's summary when it is due: on the first morning of the week on which there was no alert."""
        if at != self._morning:
            return []
        self._morning += DAY
        key, begin = week_of(at, UTC), midnight(at, UTC)
        heard = any(each.form is Form.ALERT and each.sent and each.created >= begin for each in self.kept)
        told = heard or any(each.key == key for each in self.kept)
        return [] if told else [weekly("phone", key, {}, at, at + DAY)]

    def _next(self) -> float:
        return min([self._morning, *(each.due for each in self.kept if each.state is State.HELD)])

    def _keep(self, message: Message, now: float) -> None:
        new = not message.id
        kept = replace(message, id=message.id or len(self.kept) + 1)
        if kept.state is State.WAITING:
            anew = not (kept.sent and self._terms.updates)
            self.seen |= {each.id for each in kept.news}
            kept = replace(kept, state=State.SENT, sent=kept.version)
            if anew:
                self.got.append((max(now, kept.due), kept))
        self.kept = [*self.kept, kept] if new else [kept if each.id == kept.id else each for each in self.kept]


def measure(seed: int, caps: Caps, heard: Sequence[Verdict], *, updates: bool) -> tuple[Person, list[News]]:
    """Tell a person of a month."""
    person, told = Person(caps, updates=updates), []
    for number, verdict in enumerate(heard, seed * 100_000):
        news = of_entry(Entry(number, 1, verdict, synchronised=True, simulated=True), Choices())
        told.append(news)
        person.hear(news, verdict.time)
    person.sleep(START + 31 * DAY)
    return person, told


def main(seed: int) -> None:
    """Print the tables."""
    heard = list(verdicts(seed))
    print("| channel | messages a day, median | most | in the stormy week, most | urgent uploads | in a message |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, updates in (("puts messages in place of each other (ntfy)", True), ("cannot (mail)", False)):
        person, told = measure(seed, Caps(), heard, updates=updates)
        days: dict[int, Counter[Form]] = defaultdict(Counter)
        for at, message in person.got:
            days[int((at - START) // DAY)][message.form] += 1
        counts = sorted(sum(days[day].values()) for day in range(30))
        storm = max(sum(days[day].values()) for day in range(7, 14))
        urgent = {each.id for each in told if each.tell is Tell.URGENT}
        told_of = len(urgent & person.seen)
        print(f"| {name} | {counts[15]} | {counts[-1]} | {storm} | {len(urgent)} | {told_of} |")
    print(f"\n{len(heard)} verdicts from {datetime.fromtimestamp(START, UTC):%-d %B %Y}, seed {seed}; caps {Caps()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
