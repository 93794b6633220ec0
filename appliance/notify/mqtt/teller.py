# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells one broker what happens in the house: each verdict as an event, and what is true now, as it changes."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appliance.diary.entries import entries, newer
from appliance.household import Choices
from appliance.ledger import Reader
from appliance.ledger.rows import VERDICT
from appliance.notify.messages import Messages
from appliance.notify.mqtt.states import EarStates, event, speaker_states
from appliance.notify.mqtt.station import Shown, Station
from appliance.notify.mqtt.topics import Topics
from appliance.speakers.inventory import Inventory
from appliance.status import Listening


@dataclass(frozen=True, slots=True)
class Moment:
    """The house at one moment."""

    inventory: Inventory
    ears: Mapping[str, Listening]
    choices: Choices
    home: str | None  #: the dashboard's address
    now: float  #: wall-clock seconds


class Teller:
    """Follows the ledger for one broker; what the broker has taken is marked in the ledger."""

    def __init__(self, path: Path, channel: str, station: Station, topics: Topics) -> None:
        """Take the ledger's file; of what is in it when the channel is new, nothing is told."""
        self._path = path
        self._mark = f"mqtt {channel}"
        self._station = station
        self._topics = topics
        with closing(Messages(path)) as messages, closing(Reader(path)) as reader:
            self._last = messages.marks().get(self._mark, reader.last(VERDICT))
            messages.mark({self._mark: self._last})
        self._seen = (-1, "")
        self._ears = EarStates()

    def step(self, reader: Reader, moment: Moment) -> None:
        """Tell what is new. Raises LedgerError."""
        self._show(moment)
        zone = moment.choices.home.clock
        today = datetime.fromtimestamp(moment.now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        paused = any(each.device is None and each.until > moment.now for each in moment.choices.snoozes)
        ears = self._ears.of(self._topics, moment.ears, moment.now)
        states = {self._topics.pause: "ON" if paused else "OFF", **ears}
        seen = (reader.changed(), today.isoformat())
        if seen != self._seen:
            happened = entries(reader, start=today.timestamp())
            states |= speaker_states(self._topics, moment.inventory, happened)
            self._seen = seen if self._events(reader) else (-1, "")
        self._station.tell(states)

    def _show(self, moment: Moment) -> None:
        speakers = {each.mac: each.name or each.mac for each in moment.inventory.devices if each.watched}
        self._station.show(Shown(speakers, tuple(sorted(moment.ears)), moment.home))

    def _events(self, reader: Reader) -> bool:
        """Publish each verdict that is new; say whether the broker has them all."""
        judged, last = newer(reader, self._last)
        for entry in judged:
            if entry.verdict.device and not self._station.happened(
                self._topics.event(entry.verdict.device), event(entry)
            ):
                return False
        if last != self._last:  # lower, when somebody forgot the newest
            self._last = last
            with closing(Messages(self._path)) as messages:
                messages.mark({self._mark: last})
        return last == reader.last(VERDICT)
