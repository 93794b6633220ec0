# SPDX-License-Identifier: GPL-2.0-or-later
import json
import time
from contextlib import closing

import pytest

from appliance.household import Snooze
from tests.judge.household import ECHO
from tests.notify.home import House
from tests.notify.receiver import Receiver


@pytest.mark.parametrize(("button", "least", "most"), [(1, 3590, 3600), (2, 1, 33 * 3600)])
def test_a_link_works_once(house: House, receiver: Receiver, button: int, least: float, most: float) -> None:
    """Muting from the message hushes its speaker for that time; the links of that message then work no more."""
    house.office.open()
    with closing(house.office):
        house.upload()
        (request,) = receiver.wait(1)
        links = [each["url"].rpartition("/")[2] for each in json.loads(request.body)["actions"]]
        assert house.office.hush.read(links[button]) is not None
        assert house.office.hush.run(links[button])
        assert not house.office.hush.run(links[button])
        assert not house.office.hush.run(links[0])
    (snooze,) = house.household.choices.snoozes
    assert snooze.device == ECHO
    assert least <= snooze.until - time.time() <= most


def test_a_link_of_somebody_else_does_nothing(house: House) -> None:
    """What is none of our links is not obeyed."""
    assert house.office.hush.read("nonsense") is None
    assert not house.office.hush.run("nonsense")


def test_snoozes_that_are_over_are_dropped(house: House, receiver: Receiver) -> None:
    """A new snooze takes the place of the speaker's old one, and of all that are over."""
    house.office.open()
    with closing(house.office):
        house.household.change(snoozes=(Snooze(until=1.0), Snooze(device=ECHO, until=2.0)))
        house.upload()
        (request,) = receiver.wait(1)
        house.office.hush.run(json.loads(request.body)["actions"][1]["url"].rpartition("/")[2])
    assert [each.device for each in house.household.choices.snoozes] == [ECHO]


def test_a_pause_that_cannot_be_kept_ends_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Who switches alerts off by MQTT while the disk is full does not end the connection; it is said."""
    blocked = house.paths.household.with_name("away")
    house.household._path = blocked / "household.json"
    house.office.hush.pause(paused=True)
    assert "alerts cannot be paused" in capsys.readouterr().err
    assert house.household.choices.snoozes == ()


def test_a_pause_is_written_once(house: House) -> None:
    """The same said a thousand times by MQTT does not wear the card."""
    house.office.hush.pause(paused=True)
    written = house.paths.household.stat().st_mtime_ns
    house.office.hush.pause(paused=True)
    assert house.paths.household.stat().st_mtime_ns == written
    house.office.hush.pause(paused=False)
    assert house.household.choices.snoozes == ()
