# SPDX-License-Identifier: GPL-2.0-or-later
"""What the web shows and changes: the hub's own parts, handed to it as one object."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from flask import current_app

from appliance.household import Household
from appliance.jobs import Schedule
from appliance.ledger import Reader
from appliance.notify.office import Office
from appliance.rules import Rules
from appliance.satellites.receiver import Receiver
from appliance.settings import Settings
from appliance.speakers.registry import Registry
from web.accounts import Accounts

_KEY = "earwitness"


@dataclass(frozen=True, slots=True)
class House:
    """One household's appliance, as the hub's process has it. Any thread may use it."""

    settings: Settings
    rules: Rules
    registry: Registry
    accounts: Accounts
    household: Household
    office: Office | None = None  #: who makes alerts; none where they are only looked at
    satellites: Receiver | None = None  #: who takes what they report
    schedule: Schedule | None = None  #: who does things at their time

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Open the ledger for reading, in the thread that asks. Raises LedgerError if it cannot be read."""
        with closing(Reader(self.settings.paths.ledger)) as reader:
            yield reader

    def now(self) -> float:
        """Return what the clock on the wall shows, in seconds since the epoch."""
        return time.time()


def keep_house(extensions: dict[str, object], house: House) -> None:
    """Remember in a Flask application's ``extensions`` whose house it shows."""
    extensions[_KEY] = house


def the_house() -> House:
    """Return the house that the application of this request shows."""
    house = current_app.extensions[_KEY]
    assert isinstance(house, House)  # noqa: S101 - for the type checker: create_app put it there
    return house
