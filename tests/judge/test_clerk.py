# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage, Placement, Tell, Upload
from appliance.judge.case import Ruling
from appliance.judge.clerk import Clerk
from appliance.judge.household import Household
from appliance.limits import JUDGE_DEVICES
from appliance.rules.wakewords import WakeWords
from tests.judge.household import (
    ECHO,
    HALL,
    HOME,
    KITCHEN,
    NEST,
    PHONE,
    RULES,
    WATCHED,
    finals,
    speech,
    upload,
)


def test_placed_device_is_a_speaker() -> None:
    """A device that the household calls a speaker is judged as one, whatever it matched."""
    home = [*HOME, Placement(PHONE, "kitchen")]
    assert finals([*WATCHED, *upload(100, device=PHONE)], home)[-1].tell is Tell.URGENT


def test_fourth_false_wake_of_a_day() -> None:
    """Three false wakes in 24 hours are notices, the fourth is an alert; another speaker's do not count."""
    times = [1000 * n for n in range(1, 5)]
    heard = [fact for t in times for fact in (speech(t - 2, t + 3), *upload(t, 2), *upload(t + 200, 2, NEST))]
    heard += [speech(t + 198, t + 203, HALL) for t in times[:2]]
    tells = [verdict.tell for verdict in finals([*WATCHED, *heard]) if verdict.device == ECHO]
    assert tells == [Tell.NOTICE] * 3 + [Tell.ALERT]


def test_false_wakes_of_yesterday_do_not_count() -> None:
    """A false wake 24 hours ago is forgotten."""
    times = [1000, 1100, 1200, 1000 + 86_400, 2000 + 86_400]
    heard = [fact for t in times for fact in (Coverage(t - 9, t + 9, KITCHEN), speech(t - 2, t + 3), *upload(t, 2))]
    assert [verdict.tell for verdict in finals(heard)] == [Tell.NOTICE] * 5


def test_devices_counted_are_bounded() -> None:
    """When too many devices had false wakes, one is forgotten for a new one, none for one that is known."""
    clerk = Clerk(Household(WakeWords({}, [])), RULES.verdicts, "1")
    ruling = Ruling("false_wake", 1.0, "Nobody said its name.")

    def count(device: str) -> object:
        first = upload(100, 2, device)[0]
        assert isinstance(first, Upload)
        return {each.key: each.value for each in clerk.final(ruling, first, 110).evidence}["false_wakes"]

    assert [count(str(n)) for n in range(JUDGE_DEVICES)] == [1] * JUDGE_DEVICES
    assert (count("0"), count(str(JUDGE_DEVICES - 1))) == (2, 2)
    assert count("new") == 1
    assert (count("1"), count("0")) == (2, 1)
