# SPDX-License-Identifier: GPL-2.0-or-later
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.events import Service, Tell, Upload, Verdict
from appliance.household import Channel, Household, Level, Secrets, Snooze
from appliance.ledger import LedgerError, open_ledger
from appliance.notify import office
from appliance.notify.desk import decide
from appliance.notify.herald import Orders
from appliance.notify.messages import Messages
from appliance.notify.office import Office, Premises
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from tests.judge.household import ECHO, upload
from tests.notify.making import RULES, news, terms
from tests.notify.receiver import Reaction, Receiver


class House:
    """A household with a telephone, whose ledger a test writes to."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.paths = Paths(state=folder, run=folder, rules=folder)
        self.ledger = open_ledger(self.paths.ledger, service=Service.HUB, now=0.0)
        self.boot = self.ledger.begin("boot", 0.0)
        self.household = Household(self.paths.household)
        self.household.add("channels", Channel(id="phone", kind="ntfy", name="Phone", level=Level.NORMAL))
        Secrets(self.paths.secrets).put("phone", {"topic": "t", "server": receiver.url})
        registry = Registry(self.paths.registry, 0.0)
        registry.correct(ECHO, {"name": "Kitchen Echo"})
        self.office = Office(Premises(self.paths, RULES, registry, self.household), "http://earwitness.local")

    def upload(self, tell: Tell = Tell.ALERT) -> None:
        """Have something be sent that nobody asked for, now."""
        sent = upload(time.time())[0]
        assert isinstance(sent, Upload)
        word = Verdict(sent.time, "unexplained_speech", tell, 0.9, ECHO, sent, None, (), "1", final=False)
        self.ledger.write(self.boot, [word])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def house(tmp_path: Path, receiver: Receiver) -> Iterator[House]:
    house = House(tmp_path, receiver)
    yield house
    house.ledger.close()


def test_from_the_verdict_to_the_telephone(house: House, receiver: Receiver) -> None:
    """A verdict in the ledger becomes a message on the telephone, with a link and with what can be done about it."""
    house.office.open()
    with closing(house.office):
        house.upload(Tell.NOBODY)
        house.upload()
        (request,) = receiver.wait(1)
    sent = json.loads(request.body)
    assert sent["title"].startswith("Kitchen Echo sent 9")
    assert sent["click"].startswith("http://earwitness.local/uploads/")
    assert [action["label"] for action in sent["actions"]] == ["Seen", "Mute 1 h", "Mute till tomorrow"]


@pytest.mark.parametrize(("button", "least", "most"), [(1, 3590, 3600), (2, 1, 33 * 3600)])
def test_a_link_works_once(house: House, receiver: Receiver, button: int, least: float, most: float) -> None:
    """Muting from the message hushes its speaker for that time; the links of that message then work no more."""
    house.office.open()
    with closing(house.office):
        house.upload()
        (request,) = receiver.wait(1)
        links = [each["url"].rpartition("/")[2] for each in json.loads(request.body)["actions"]]
        assert house.office.read(links[button]) is not None
        assert house.office.run(links[button])
        assert not house.office.run(links[button])
        assert not house.office.run(links[0])
    (snooze,) = house.household.choices.snoozes
    assert snooze.device == ECHO
    assert least <= snooze.until - time.time() <= most


def test_a_link_of_somebody_else_does_nothing(house: House) -> None:
    """What is none of our links is not obeyed."""
    assert house.office.read("nonsense") is None
    assert not house.office.run("nonsense")


def test_snoozes_that_are_over_are_dropped(house: House, receiver: Receiver) -> None:
    """A new snooze takes the place of the speaker's old one, and of all that are over."""
    house.office.open()
    with closing(house.office):
        house.household.change(snoozes=(Snooze(until=1.0), Snooze(device=ECHO, until=2.0)))
        house.upload()
        (request,) = receiver.wait(1)
        house.office.run(json.loads(request.body)["actions"][1]["url"].rpartition("/")[2])
    assert [each.device for each in house.household.choices.snoozes] == [ECHO]


def test_a_test_says_what_happened(house: House, receiver: Receiver) -> None:
    """The test button's message is sent at once, and its outcome is told in words."""
    told = house.office.test("phone")
    assert (told.arrived, told.words) == (True, "127.0.0.1 took it (200)")
    assert json.loads(receiver.requests[0].body)["title"] == "Earwitness: a test"
    missing = house.office.test("none")
    assert (missing.arrived, missing.words) == (False, "this channel was removed")


def test_a_broken_channel_is_told_by_name(house: House, receiver: Receiver) -> None:
    """A channel that can take nothing is among the broken ones, by what the household calls it."""
    Secrets(house.paths.secrets).put("phone", {})
    house.office.open()
    with closing(house.office):
        house.upload()
        until = time.monotonic() + 30
        while not house.office.broken and time.monotonic() < until:
            receiver.wait(0)
        assert house.office.broken == {"Phone": "ntfy needs: Topic"}


def test_a_test_that_arrives_mends_the_channel(house: House) -> None:
    """A channel that was broken, and that the owner put right, is broken no more; one that is off is none."""
    house.office._postman.broken["phone"] = "ntfy answered 403"
    assert house.office.broken == {"Phone": "ntfy answered 403"}
    assert house.office.test("phone").arrived
    assert house.office.broken == {}
    house.office._postman.broken["phone"] = "ntfy answered 403"
    off = tuple(each.model_copy(update={"on": False}) for each in house.household.choices.channels)
    house.household.change(channels=off)
    assert house.office.broken == {}


def test_a_pause_that_cannot_be_kept_ends_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Who switches alerts off by MQTT while the disk is full does not end the connection; it is said."""
    blocked = house.paths.household.with_name("away")
    house.household._path = blocked / "household.json"
    house.office._pause(paused=True)
    assert "alerts cannot be paused" in capsys.readouterr().err
    assert house.household.choices.snoozes == ()


def test_a_pause_is_written_once(house: House) -> None:
    """The same said a thousand times by MQTT does not wear the card."""
    house.office._pause(paused=True)
    written = house.paths.household.stat().st_mtime_ns
    house.office._pause(paused=True)
    assert house.paths.household.stat().st_mtime_ns == written
    house.office._pause(paused=False)
    assert house.household.choices.snoozes == ()


def test_alerts_go_on_after_whatever_went_wrong(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw is said, and what was to be told is told when it is over."""
    monkeypatch.setattr(office, "OFFICE_RETRY_S", 0.05)
    orders, errors = house.office._orders, [RuntimeError("odd"), LedgerError("locked")]

    def fails() -> Orders:
        if errors:
            raise errors.pop()
        return orders()

    monkeypatch.setattr(house.office, "_orders", fails)
    house.upload()
    house.office.open()
    with closing(house.office):
        assert len(receiver.wait(1)) == 1
    assert not errors


def test_a_clock_that_is_set_expires_nothing(house: House, receiver: Receiver) -> None:
    """What waited for the network when the clock was put forward, as after a power cut, is sent all the same."""
    message = decide("phone", news(time=time.time() - 30_000), [], terms(), time.time() - 30_000)
    assert message is not None
    with closing(Messages(house.paths.ledger)) as messages:
        messages.put([message])
    house.office._offset -= 30_000
    house.office.open()
    with closing(house.office):
        assert len(receiver.wait(1)) == 1


def test_what_a_server_answers_gives_nothing_away(house: House, receiver: Receiver) -> None:
    """A server that repeats what it was asked, topic and token, is not passed on with them."""
    Secrets(house.paths.secrets).put("phone", {"topic": "hunter2222", "server": receiver.url})
    receiver._react = lambda _number: Reaction(403, body=b"no hunter2222 here")
    assert house.office.test("phone").words == "127.0.0.1 answered 403: no … here"


def test_a_broker_that_hangs_holds_up_no_alert(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a broker takes its time, the telephone is told."""
    hanging, over = threading.Event(), threading.Event()

    def hangs(*_told: object) -> None:
        hanging.set()
        over.wait(30)

    monkeypatch.setattr(house.office._stations, "step", hangs)
    house.office.open()
    with closing(house.office):
        assert hanging.wait(30)
        house.upload()
        assert len(receiver.wait(1)) == 1
        over.set()
