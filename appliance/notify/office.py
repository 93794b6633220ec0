# SPDX-License-Identifier: GPL-2.0-or-later
"""Where alerts are made and sent: herald and postman in a thread of the hub's, with what the household wants."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from appliance.events import Tell
from appliance.household import Channel, Secrets
from appliance.language import Language, speak
from appliance.ledger import LedgerError
from appliance.limits import CLOCK_STEP_S, OFFICE_RETRY_S, OFFICE_TICK_S
from appliance.notify.channels import kind_of, said_of, sender
from appliance.notify.channels.discreet import discreet, hidden
from appliance.notify.errands import open_seal
from appliance.notify.herald import Herald, Orders
from appliance.notify.hush import Hush
from appliance.notify.letter import Outcome
from appliance.notify.message import Form, Message, State
from appliance.notify.messages import Messages
from appliance.notify.mqtt.teller import Moment
from appliance.notify.news import UPLOAD, News
from appliance.notify.postman import Address, Book, Postman
from appliance.notify.premises import Premises
from appliance.notify.rounds import Rounds
from appliance.notify.stations import MQTT, Stations
from appliance.notify.texts import Reader as Who
from appliance.notify.texts import letter
from appliance.serve import WARNING, say
from appliance.status import HEARING, EarStatus, read_status


class Office:
    """One household's alerts. What it does, it does in its own thread; any thread may ask it for something."""

    def __init__(
        self,
        premises: Premises,
        home: str | None,
        tongue: Callable[[str], Language] = lambda _code: Language(),
        encrypted: str | None = None,
    ) -> None:
        """Take the hub's parts, the dashboard's addresses, and what knows the languages by their codes.

        What is in the ledger by now and was never told stays untold, if there never was an office before.
        """
        self._paths, self._rules = premises.paths, premises.rules
        self._registry, self._household = premises.registry, premises.household
        self._addresses = home, encrypted
        self._tongue = tongue
        self._secrets = Secrets(self._paths.secrets)
        self.hush = Hush(premises, open_seal(self._secrets))
        self._wake = threading.Event()
        self._over = threading.Event()
        self._offset = time.time() - time.monotonic()
        self.rounds = Rounds(premises, self._wake.set)
        book = Book(self._find, lambda message: self.hush.actions(message, self._home), time.time, self._updates)
        self._stations = Stations(self._paths.ledger, self._secrets, self.hush.pause)
        self._postman = Postman(self._paths.ledger, book, self._wake.set)
        Herald(self._paths.ledger, self._rules).close()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("alerts", self._work), ("brokers", self._broadcast))
        ]

    @property
    def _home(self) -> str | None:
        """The address of the dashboard that is in messages: by HTTPS, if the household wants that alone."""
        plain, encrypted = self._addresses
        return encrypted if encrypted and self._household.choices.access.https_only else plain

    def open(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; what waits goes on waiting in the ledger."""
        self._over.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(OFFICE_TICK_S * 4)

    @property
    def broken(self) -> dict[str, str]:
        """The channels that are on and take nothing now, by name, and why, in words."""
        names = {each.id: each.name for each in self._household.choices.channels if each.on}
        return {names[id_]: words for id_, words in self._postman.broken.copy().items() if id_ in names}

    def test(self, channel: str) -> Outcome:
        """Send a message that says it is a test, now, and return what became of it, in words."""
        try:
            address = self._find(channel)
        except ValueError as error:
            return Outcome(arrived=False, words=str(error), final=True)
        speak(address.language)
        outcome = address.send(letter(_trial(channel, time.time()), address.reader))
        if outcome.arrived:
            self._postman.broken.pop(channel, None)
        return outcome

    def _work(self) -> None:
        """Make and send alerts."""

        def steps() -> Iterator[None]:
            with closing(Herald(self._paths.ledger, self._rules)) as herald:
                while not self._over.is_set():
                    self._wake.clear()
                    self._step(herald)
                    yield
                    self._wake.wait(OFFICE_TICK_S)

        self._go_on(steps)
        self._postman.close()

    def _broadcast(self) -> None:
        """Tell brokers, in a thread of its own: one that takes nothing holds up no alert."""

        def steps() -> Iterator[None]:
            while not self._over.is_set():
                self._stations.step(self._household.choices.channels, self._moment)
                yield
                self._over.wait(OFFICE_TICK_S)

        self._go_on(steps)
        self._stations.close()

    def _go_on(self, steps: Callable[[], Iterator[None]]) -> None:
        """Take step after step; whatever goes wrong is said once, and tried again."""
        said = ""
        while not self._over.is_set():
            try:
                for _ in steps():
                    said = ""
            except Exception as error:  # noqa: BLE001 - alerts that end in silence are the worst of all
                words = f"{error}" if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
                if words != said:
                    say(WARNING, f"alerts wait: {words}")
                said = words
                self._over.wait(OFFICE_RETRY_S)

    def _step(self, herald: Herald) -> None:
        offset = time.time() - time.monotonic()
        if abs(offset - self._offset) > CLOCK_STEP_S:
            with closing(Messages(self._paths.ledger)) as messages:
                messages.shift(offset - self._offset)
            self._offset = offset
        herald.step(self._orders(), time.time())
        self._postman.step()

    def _orders(self) -> Orders:
        choices = self._household.choices
        return Orders(choices, {each.device: each.until for each in choices.snoozes}, _updates)

    def _updates(self, id_: str) -> bool:
        return any(each.id == id_ and _updates(each) for each in self._household.choices.channels)

    def _moment(self) -> Moment:
        ears = {
            name: listening
            for status in (read_status(self._paths.run, each, EarStatus) for each in HEARING)
            if status is not None
            for name, listening in status.ears.items()
        }
        return Moment(self._registry.inventory, ears, self._household.choices, self._home, time.time())

    def _find(self, id_: str) -> Address:
        """Return where a channel leads. Raises ValueError, in words."""
        choices = self._household.choices
        channel = next((each for each in choices.channels if each.id == id_), None)
        if channel is None:
            raise ValueError("this channel was removed")
        said = said_of(channel, self._secrets, choices.home.contact)
        send = self._stations.sender(id_) if channel.kind == MQTT else sender(channel.kind, said)
        names = {each.mac: each.name for each in self._registry.inventory.devices if each.name}
        reader = Who(channel.level, choices.home.clock, names, self._home, self._rules)
        return Address(discreet(send, hidden(channel.kind, said)), reader, self._tongue(choices.home.language))


def _trial(channel: str, now: float) -> Message:
    news = News(UPLOAD, "test", "test", None, Tell.NOTICE, now, over=True)
    return Message(0, channel, f"test-{now:.0f}", Form.TEST, Tell.NOTICE, now, now, now, now, State.SENT, (news,))


def _updates(channel: Channel) -> bool:
    kind = kind_of(channel.kind)
    return kind is not None and kind.updates
