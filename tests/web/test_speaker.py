# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask

from appliance.diary.history import Sum
from appliance.speakers.inventory import Entry, Owner
from tests.live.house import RULES
from web.house import House
from web.speaker import _trend, names, newest_day, weeks, words


def test_the_words_of_a_speaker_are_those_of_its_family(app: Flask) -> None:
    """Those that misfire least first, the best one marked; what the owner added is there as well."""
    entry = Entry(mac="00:11:22:33:44:55", owner=Owner(speaker="amazon-echo", wake_words=("alexa", "hey house")))
    with app.test_request_context():
        found = words(RULES, entry)
    measured = [each.misfires for each in found if each.misfires is not None]
    assert measured == sorted(measured)
    assert [each.word for each in found if each.least] == ["alexa"]
    assert {each.word for each in found if each.chosen} == {"alexa", "hey house"}
    assert found[0].heard is not None


def test_weeks_end_with_the_day_that_pages_begin_with(app: Flask, house: House) -> None:
    """In a replay that is the last day it tells of; its uploads are the last bar, and in the sum of seven days."""
    speaker = next(each for each in house.registry.inventory.devices if each.watched)
    with app.test_request_context(), house.reader() as reader:
        told = weeks(reader, house.registry.inventory, speaker.mac, newest_day(reader, house))
        assert told.days[-1].uploads == told.now.uploads > 0
        assert told.dated[-1][1] is told.days[-1]
        assert told.trend == "There is no week before to compare with yet."
        assert names(house.registry.inventory).of(speaker.mac) != speaker.mac


def test_the_trend_needs_a_difference() -> None:
    """One false wake more in a week is no news; three a day are."""

    def week(misheard: int, days: int = 7) -> Sum:
        return Sum(days, 50, 0, misheard, 0.0)

    assert "about as often" in _trend(week(8), week(7))
    assert "more than" in _trend(week(28), week(7))
    assert "less than" in _trend(week(7), week(28))
    assert "Nothing was seen" in _trend(week(0, 0), week(7))
