# SPDX-License-Identifier: GPL-2.0-or-later
"""The hub's side of satellites: reports in, the account of their ears into the ledger. Belongs to one thread.

An ear of a satellite is called by both names, "bedroom/mic". What it did not report is a gap in its coverage, whatever
the reason: no verdict accuses by it.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace

from appliance import __version__
from appliance.clocks import Boot
from appliance.events import Coverage, Speech, Wake
from appliance.heard.account import Account
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.ledger import Fact, Ledger, ears_reached
from appliance.limits import MICROPHONES, SATELLITE_AHEAD_S, SATELLITE_BURST, SATELLITE_RATE, SATELLITE_SILENT_S
from appliance.rules import Rules
from appliance.satellites.messages import Line, Microphone, Report
from appliance.settings import Settings
from appliance.status import EarStatus, Listening, in_words, write_status

#: The name of the status file that tells of all their ears.
ELSEWHERE = "satellites"


_ALWAYS = ((float("-inf"), float("inf")),)


class _Ear:
    """One microphone of a satellite."""

    def __init__(self, name: str, rules: Rules, now: float) -> None:
        self.name = name
        self.held = Held(rules.wake.speech)
        self.stretches = Stretches(name, float("-inf"))
        self.microphone = Microphone(name="unknown")
        self.heard_at = now  # when its satellite last reported
        self.lost_until = float("-inf")  # of what it heard before, something was refused

    def listened(self, fact: Coverage) -> None:
        """Take coverage that goes on; none of a time of which something is missing."""
        fact = replace(fact, time=max(fact.time, self.lost_until))
        if fact.time < fact.ended_at and fact.ended_at > self.stretches.until:
            self.stretches.feed(fact)

    def status(self, until: float) -> Listening:
        """Return how it is; ``until``: up to when all of it is in the ledger."""
        until = min(until, self.stretches.until)
        return Listening(
            covered_since=min(self.stretches.since, until),
            covered_until=until,
            level=self.microphone.level,
            room=self.microphone.room,
            state=self.microphone.state,
        )


class _Allowance:
    """How many facts one satellite may tell by now: whoever has its token shall not fill the ledger."""

    def __init__(self, now: float) -> None:
        self._left, self._at = float(SATELLITE_BURST), now

    def take(self, now: float) -> bool:
        """Use one up; say whether there was one."""
        self._left = min(self._left + (now - self._at) * SATELLITE_RATE, SATELLITE_BURST)
        self._at = now
        allowed = self._left >= 1
        self._left -= allowed
        return allowed


class Reception:
    """Takes reports, and writes what is due."""

    def __init__(
        self, settings: Settings, rules: Rules, boot: Boot, open_ledger: Callable[[], tuple[Ledger, int]], now: float
    ) -> None:
        """Take what opens the ledger for the ears. Raises LedgerError."""
        self.refused = 0  #: facts that cannot be: of a time that has not come, of too many ears, or too many
        self._run_folder = settings.paths.run
        self._rules = rules
        self._boot = boot
        self._account = Account(settings.paths.run, ELSEWHERE, rules, boot, open_ledger)
        self._started_at = now
        self._ears: dict[str, _Ear] = {}
        self._runs: dict[str, tuple[str, int]] = {}  # of each satellite, and the number that it goes on with
        self._allowances: dict[str, _Allowance] = {}
        self._news: list[Fact] = []
        with closing(self._account.out.ledger.reader()) as reader:  # what an earlier run of the hub has may come again
            self._before = ears_reached(reader, self._account.out.boot)

    def take(self, satellite: str, report: Report, now: float) -> int:
        """Take a report; return the number of the fact that should come next. It counts once ``write`` returns True."""
        run, following = self._runs.get(satellite, ("", 0))
        if run != report.run:
            following = report.first
            self._retire(satellite, {each.name for each in report.microphones})
        if report.boot == self._boot.id:
            for said in report.facts[max(0, following - report.first) :]:
                self._hear(satellite, said, now)
            following = max(following, report.first + len(report.facts))
        self._runs[satellite] = (report.run, following)
        for each in report.microphones:
            if (ear := self._ears.get(f"{satellite}/{each.name}")) is not None:
                ear.microphone, ear.heard_at = each, now
        return following

    def write(self, now: float) -> bool:
        """Write what is due; say whether all that was taken is on the disk."""
        news, self._news = self._news, []
        self._account.write(self._ears.values(), news, now)
        return not len(self._account.out)

    def forget(self, satellite: str) -> None:
        """End with a satellite that is none any more."""
        self._retire(satellite, set())
        self._runs.pop(satellite, None)
        self._allowances.pop(satellite, None)

    def tell(self, now: float) -> None:
        """Look how far the capture is, and write the status: an ear that is silent is not in it. Raises OSError."""
        self._end(each for each in self._ears.values() if now - each.heard_at >= SATELLITE_SILENT_S)
        self._account.look(now)
        status = EarStatus(
            service=ELSEWHERE,
            boot=self._boot.id,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(
                "listening", self._account.out.problem, f"{self.refused} facts refused" * bool(self.refused)
            ),
            version=__version__,
            ears={
                name: ear.status(self._account.told.get(name, 0.0))
                for name, ear in self._ears.items()
                if ear.stretches.until > float("-inf")
            },
        )
        write_status(self._run_folder, status)

    def close(self, now: float) -> None:
        """Write everything, and end."""
        self._account.close(self._ears.values(), self._news, now)

    @property
    def satellites(self) -> set[str]:
        """The names of those that have reported."""
        return set(self._runs)

    def _hear(self, satellite: str, said: Line, now: float) -> None:
        """Put a fact where it belongs."""
        fact = _of(satellite, said)
        name = fact.source if isinstance(fact, Coverage) else fact.ear
        end = fact.time if isinstance(fact, Wake) else fact.ended_at
        if end > now + SATELLITE_AHEAD_S or (name not in self._ears and self._full(satellite)):
            self.refused += 1
            return
        if end <= self._before.get(name, float("-inf")):
            return
        ear = self._ears.setdefault(name, _Ear(name, self._rules, now))
        if not self._allowances.setdefault(satellite, _Allowance(now)).take(now):
            self.refused += 1
            ear.lost_until = max(ear.lost_until, end)
            return
        match fact:
            case Coverage():
                ear.listened(fact)
            case Wake(near_miss=False):
                self._news.append(fact)
            case _:
                ear.held.keep(fact)

    def _full(self, satellite: str) -> bool:
        return sum(name.startswith(f"{satellite}/") for name in self._ears) >= MICROPHONES

    def _retire(self, satellite: str, stay: set[str]) -> None:
        """End with the ears of a satellite that it does not have any more."""
        ours = (ear for name, ear in self._ears.items() if name.startswith(f"{satellite}/"))
        self._end(ear for ear in ours if ear.name.partition("/")[2] not in stay)

    def _end(self, ears: Iterable[_Ear]) -> None:
        """Write all that ears told, next time, and expect no more of them."""
        for ear in list(ears):
            del self._ears[ear.name]
            self._news += [*ear.held.near(_ALWAYS), *ear.stretches.take(float("inf"))]


def _of(satellite: str, said: Line) -> Wake | Speech | Coverage:
    """Return the fact that a line says, of an ear called by both names."""
    fact = said.fact()
    if isinstance(fact, Coverage):
        return replace(fact, source=f"{satellite}/{fact.source}")
    return replace(fact, ear=f"{satellite}/{fact.ear}")
