# SPDX-License-Identifier: GPL-2.0-or-later
"""All satellites of other software together: from their connections into the ledger and a status file.

The hub takes a step of it with each of its own. It is the hub's and not the ears' service's, since that has a
microphone, and no network for that reason.
"""

import os
from collections.abc import Callable, Iterator

from appliance import __version__
from appliance.clocks import Boot, read_clocks
from appliance.events import Wake
from appliance.heard.account import Account
from appliance.ledger import Ledger
from appliance.limits import STATUS_S
from appliance.rules import Rules
from appliance.serve import WARNING, say
from appliance.settings import Settings
from appliance.status import EarStatus, in_words, write_status
from appliance.wyoming.door import Door
from appliance.wyoming.ear import WyomingEar
from appliance.wyoming.lines import Lines, WyomingError

SERVICE = "wyoming"


class Reports:
    """One step after another; whoever runs it decides when."""

    def __init__(
        self, settings: Settings, rules: Rules, boot: Boot, open_ledger: Callable[[], tuple[Ledger, int]]
    ) -> None:
        """Take what opens the ledger as the ears' service does."""
        now = boot.steady(read_clocks())
        self._run = settings.paths.run
        self._boot = boot
        self._account = Account(settings.paths.run, SERVICE, rules, boot, open_ledger)
        self._door = Door(settings.ears.wyoming)
        self._ears = {each.name: WyomingEar(each.name, rules.wake.speech, now) for each in settings.ears.wyoming}
        self._lines: dict[str, Lines] = {}
        self._started_at, self._status_at = now, float("-inf")

    def step(self, now: float) -> None:
        """Take what came."""
        wakes = [wake for name, raw in self._door.look() for wake in self._take(name, raw, now)]
        for ear in self._ears.values():
            ear.advance(now)
        looks = now - self._status_at >= STATUS_S
        if looks:
            self._account.look(now)
        self._account.write(self._ears.values(), wakes, now)
        if looks:
            self._status_at = now
            self._tell(in_words("listening", self._door.problem, *self._shed()), now)

    def close(self, now: float) -> None:
        """Write everything, and end."""
        self._door.close()
        for ear in self._ears.values():
            ear.leave(now)
        self._account.close(self._ears.values(), [], now)
        self._tell("stopped", now)

    def _take(self, name: str, raw: bytes | None, now: float) -> list[Wake]:
        ear = self._ears[name]
        if raw is None:
            ear.leave(now)
            return []
        if not raw:
            ear.connect(now)
            self._lines[name] = Lines()
            return []
        try:
            return [wake for event in self._lines[name].feed(raw) if (wake := ear.feed(event, now)) is not None]
        except WyomingError as error:
            say(WARNING, f"the satellite “{name}” is turned out: {error}")
            for _ in self._door.turn_out(name):
                ear.leave(now)
            return []

    def _shed(self) -> Iterator[str]:
        """Yield what was turned away since the beginning, in words."""
        if self._door.turned_away:
            yield f"connections of others turned away: {self._door.turned_away}"
        if refused := sum(ear.refused for ear in self._ears.values()):
            yield f"wake words too many: {refused}"

    def _tell(self, state: str, now: float) -> None:
        status = EarStatus(
            service=SERVICE,
            boot=self._boot.id,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(state, self._account.out.problem),
            version=__version__,
            ears={
                ear.name: ear.status(self._account.told.get(ear.name, self._started_at))
                for ear in self._ears.values()
                if ear.connected
            },
        )
        try:
            write_status(self._run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")
