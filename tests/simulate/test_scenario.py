# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.simulate.scenario import BEHAVIOURS, RATES, Place, Scenario, demo_scenario


@pytest.mark.parametrize("fields", [{"days": 0}, {"days": 1e9}, {"behaviours": frozenset({"dancing"})}])
def test_what_cannot_be_played_is_refused(fields: dict[str, object]) -> None:
    """Days out of range and unknown behaviours raise an error that says so."""
    with pytest.raises(ValueError, match=r"days|dancing"):
        Scenario(**fields)  # type: ignore[arg-type]


def test_unknown_speakers_are_refused() -> None:
    """A speaker that is not among the models raises an error that names it and the models."""
    with pytest.raises(ValueError, match=r"gramophone; there are echo"):
        Scenario(speakers=(Place("gramophone", "hall", "Old"),))


def test_kinds_can_be_left_out() -> None:
    """``without`` takes kinds away and nothing else; an unknown kind raises."""
    plain = Scenario(seed=5).without("calls", "music")
    assert BEHAVIOURS.keys() - plain.behaviours == {"calls", "music"}
    assert plain.seed == 5
    with pytest.raises(ValueError, match="dancing"):
        plain.without("dancing")


def test_every_rate_is_of_a_behaviour() -> None:
    """There is no rate for something that cannot happen."""
    assert RATES.keys() - BEHAVIOURS.keys() == set()


def test_the_demo_is_one_day_of_five_speakers() -> None:
    """The demo's size stays what the documentation promises."""
    demo = demo_scenario()
    assert (demo.days, len(demo.speakers)) == (1, 5)
