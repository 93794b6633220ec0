# SPDX-License-Identifier: GPL-2.0-or-later
"""A hub's folders, and reports as satellites make them."""

from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

from appliance.clocks import Boot
from appliance.commands.services import opened_in
from appliance.events import Coverage, Service, Speech, Wake
from appliance.ledger.rows import F, Table
from appliance.rules import load_rules
from appliance.satellites.messages import Microphone, Report, line
from appliance.satellites.reception import ELSEWHERE, Reception
from appliance.settings import Paths, Settings
from appliance.status import EarStatus, read_status

RULES = load_rules(None)
RUN = "0123456789abcdef"
MIC = Microphone(name="mic", room="bedroom", level=-50.0)


class Home:
    """A hub, without the threads around it."""

    def __init__(self, folder: Path, boot: Boot | None = None, run: Path | None = None) -> None:
        self.settings = Settings(paths=Paths(state=folder, run=run or folder / "run", rules=folder / "rules.d"))
        self.settings.paths.run.mkdir(exist_ok=True)
        self.boot = boot or Boot("0000aaaa", 0)

    def reception(self, now: float = 100.0) -> Reception:
        """Begin an account."""
        return Reception(
            self.settings, RULES, self.boot, partial(opened_in, self.settings, Service.EARS, self.boot), now
        )

    def rows(self, table: Table[F]) -> list[F]:
        """Return what the ledger has of a kind."""
        ledger, _ = opened_in(self.settings, Service.HUB, self.boot)
        with closing(ledger), closing(ledger.reader()) as reader:
            return [fact for _, fact in reader.facts(table)]

    def status(self) -> EarStatus:
        """Return what is told of the satellites' ears."""
        status = read_status(self.settings.paths.run, ELSEWHERE, EarStatus)
        assert status is not None
        return status

    def tells(self) -> set[str]:
        """Return which ears are told of; none while there is no status."""
        status = read_status(self.settings.paths.run, ELSEWHERE, EarStatus)
        return set(status.ears) if status else set()

    def report(
        self, facts: Iterable[Wake | Speech | Coverage] = (), first: int = 1, run: str = RUN, mic: Microphone = MIC
    ) -> Report:
        """Return what a satellite says that knows the hub's time."""
        lines = [line(each, each.time, getattr(each, "ended_at", each.time)) for each in facts]
        return Report(run=run, boot=self.boot.id, first=first, facts=lines, microphones=[mic])
