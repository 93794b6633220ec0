# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage, Placement, Tell
from tests.judge.household import (
    ECHO,
    HALL,
    HOME,
    KITCHEN,
    NEST,
    PHONE,
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
