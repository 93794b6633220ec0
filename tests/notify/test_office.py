# SPDX-License-Identifier: GPL-2.0-or-later
import json
import threading
import time
from contextlib import closing

import pytest

from appliance.events import Tell
from appliance.household import Secrets
from appliance.ledger import LedgerError
from appliance.notify import office
from appliance.notify.desk import decide
from appliance.notify.herald import Orders
from appliance.notify.messages import Messages
from tests.notify.home import House
from tests.notify.making import news, terms
from tests.notify.receiver import Reaction, Receiver


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
