# SPDX-License-Identifier: GPL-2.0-or-later
import json
import time
from contextlib import closing
from dataclasses import replace

from appliance.household import Channel
from appliance.limits import MESSAGES_KEPT_S
from appliance.notify.message import Form, State
from appliance.notify.messages import Messages
from appliance.notify.week import weekly
from tests.notify.home import House
from tests.notify.receiver import Receiver


def kept(house: House) -> list[tuple[str, Form]]:
    with closing(Messages(house.paths.ledger)) as messages:
        return [(each.channel, each.form) for each in messages.due(time.time())]


def test_whoever_is_on_is_told_of_the_week(house: House) -> None:
    """Each channel once in a week, however often that is asked for; one that is off is told nothing."""
    house.household.add("channels", Channel(id="off", kind="ntfy", name="Off", on=False))
    assert house.office.rounds.weekly() == "told 1 channels of 0 uploads"
    assert house.office.rounds.weekly() == "told 0 channels of 0 uploads"
    assert kept(house) == [("phone", Form.WEEKLY)]


def test_who_was_alerted_today_hears_of_the_week_tomorrow(house: House) -> None:
    """What went out today, or is about to, counts; what waits for a digest, or is of yesterday, does not."""
    with closing(Messages(house.paths.ledger)) as messages:
        held = replace(weekly("phone", "1", {}, time.time(), 0.0), form=Form.ALERT, state=State.HELD)
        (sent,) = messages.put([replace(held, state=State.SENT)])
        assert house.office.rounds.weekly() == "told 0 channels of 0 uploads"
        messages.put([replace(sent, created=time.time() - 86_400), held])
        assert house.office.rounds.weekly() == "told 1 channels of 0 uploads"


def test_a_newer_version_is_told_once(house: House, receiver: Receiver) -> None:
    """As a notice that makes no noise, with nothing private in it; the next one again."""
    house.office.open()
    with closing(house.office):
        assert (house.office.rounds.newer("0.3.0"), house.office.rounds.newer("0.3.0")) == (1, 0)
        assert house.office.rounds.newer("0.3.1") == 1
        first, second = (json.loads(each.body) for each in receiver.wait(2))
    assert (first["title"], first["priority"]) == ("Earwitness: a newer version", 2)
    assert first["message"].startswith("0.3.0 is there")
    assert second["message"].startswith("0.3.1 is there")


def test_old_messages_go(house: House) -> None:
    """Those that are done with; what waits stays, however old it is."""
    house.office.rounds.newer("0.3.0")
    with closing(Messages(house.paths.ledger)) as messages:
        (waits,) = messages.due(time.time())
        old = time.time() - MESSAGES_KEPT_S - 1
        messages.put([replace(waits, id=0, updated=old, state=State.SENT)])
    assert house.office.rounds.tidy() == "dropped 1 messages"
    assert len(kept(house)) == 1
