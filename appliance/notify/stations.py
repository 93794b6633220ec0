# SPDX-License-Identifier: GPL-2.0-or-later
"""The brokers of a household: a connection for each channel of that kind, as the owner changes them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from appliance.household import Channel, Secrets
from appliance.ledger import Reader
from appliance.notify.letter import Letter, Outcome, Send
from appliance.notify.mqtt.broker import Broker, broker
from appliance.notify.mqtt.station import Station
from appliance.notify.mqtt.teller import Moment, Teller
from appliance.notify.mqtt.topics import here

#: The kind of channel that is a broker.
MQTT = "mqtt"


class Stations:
    """Keeps the connections; belongs to one thread, but for ``sender``."""

    def __init__(self, path: Path, secrets: Secrets, pause: Callable[[bool], None]) -> None:
        """Take the ledger's file, the channels' secrets, and what pauses alerts."""
        self._path = path
        self._secrets = secrets
        self._pause = pause
        self._open: dict[str, tuple[Broker, Station, Teller]] = {}
        self._reader: Reader | None = None  # one for all steps: what has changed can be asked of the same one only
        self._topics = here()

    def step(self, channels: Iterable[Channel], moment: Callable[[], Moment]) -> None:
        """Open and close what the owner changed, and tell each broker what is new. Raises LedgerError.

        ``moment`` is asked for only if there is a broker.
        """
        named = {each.id: self._broker(each) for each in channels if each.kind == MQTT and each.on}
        wanted = {id_: found for id_, found in named.items() if found is not None}
        for id_ in [id_ for id_, (had, *_) in self._open.items() if wanted.get(id_) != had]:
            self._open.pop(id_)[1].close()
        for id_, found in wanted.items():
            if id_ not in self._open:
                station = Station(found, self._topics, self._pause)
                self._open[id_] = (found, station, Teller(self._path, id_, station, self._topics))
                station.open()
        if self._open:
            self._reader = self._reader or Reader(self._path)
            now = moment()
            for _, _, teller in self._open.values():
                teller.step(self._reader, now)

    def sender(self, id_: str) -> Send:
        """Return what publishes alerts at a broker."""
        found = self._open.get(id_)
        return found[1].send if found else _not_yet

    def close(self) -> None:
        """Say goodbye everywhere."""
        for _, station, _ in self._open.values():
            station.close()
        self._open.clear()
        if self._reader:
            self._reader.close()

    def _broker(self, channel: Channel) -> Broker | None:
        try:
            return broker(self._secrets.of(channel.id))
        except ValueError:
            return None


def _not_yet(_letter: Letter) -> Outcome:
    return Outcome(arrived=False, words="not connected yet: is the broker's address right?")
