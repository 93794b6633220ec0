# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import time

from flask.testing import FlaskClient

from appliance.events import Tell
from appliance.household import Snooze
from web.house import House


def test_quiet_hours(owner: FlaskClient, house: House) -> None:
    """They are switched on with their begin and end; what is no time is told at its field."""
    owner.post("/alerts/quiet", data={"on": "on", "begin": "21:30", "end": "06:15"})
    quiet = house.household.choices.quiet
    assert (quiet.on, quiet.begin, quiet.end, quiet.urgent_passes) == (True, time(21, 30), time(6, 15), False)
    wrong = owner.post("/alerts/quiet", data={"begin": "late", "end": "06:15"})
    assert wrong.status_code == 400
    assert 'id="begin-error"' in wrong.text
    assert house.household.choices.quiet == quiet


def test_how_many(owner: FlaskClient, house: House) -> None:
    """Caps are numbers that make sense."""
    owner.post("/alerts/caps", data={"an_hour": "2", "a_day": "5", "cooldown_minutes": "30"})
    caps = house.household.choices.caps
    assert (caps.an_hour, caps.a_day, caps.cooldown_minutes) == (2, 5, 30)
    assert owner.post("/alerts/caps", data={"an_hour": "0", "a_day": "5", "cooldown_minutes": "0"}).status_code == 400


def test_how_loudly(owner: FlaskClient, house: House) -> None:
    """What is said of all speakers and what is said of one stand beside each other, and can be taken back."""
    mac = next(each.mac for each in house.registry.inventory.devices if each.watched)
    owner.post("/alerts/loudness", data={"false_wake": "alert", "call": ""})
    owner.post("/alerts/loudness/one", data={"device": mac, "verdict": "false_wake", "tell": "nobody"})
    chosen = house.household.choices
    assert chosen.tell("false_wake", None, Tell.NOTICE) is Tell.ALERT
    assert chosen.tell("false_wake", mac, Tell.NOTICE) is Tell.NOBODY
    assert chosen.tell("call", mac, Tell.NOTICE) is Tell.NOTICE
    owner.post("/alerts/loudness/one", data={"device": mac, "verdict": "false_wake"})
    owner.post("/alerts/loudness", data={})
    assert house.household.choices.loudness == ()
    assert (
        owner.post("/alerts/loudness/one", data={"device": "<b>", "verdict": "call", "tell": "alert"}).status_code
        == 400
    )


def test_what_is_muted_can_be_heard_again(owner: FlaskClient, house: House) -> None:
    """A snooze from a message is shown while it lasts."""
    house.household.change(snoozes=(Snooze(until=house.now() + 600), Snooze(until=house.now() - 600)))
    assert owner.get("/alerts").text.count("Everything, until") == 1
    owner.post("/alerts/snoozes")
    assert "Everything, until" not in owner.get("/alerts").text


def test_viewers_change_nothing(viewer: FlaskClient) -> None:
    """They see what holds."""
    assert "Only owners can change something here." in viewer.get("/alerts").text
    assert viewer.post("/alerts/caps", data={"an_hour": "1"}).status_code == 403
