# SPDX-License-Identifier: GPL-2.0-or-later
import stat
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.household import Channel, Choices, Forgetting, Home, Household, HouseholdError, HouseholdReader, Privacy
from appliance.household.file import parse
from appliance.limits import CHANNELS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "household.json"


def channel(number: int) -> Channel:
    return Channel(id=f"c{number}", kind="ntfy", name=f"Phone {number}")


def test_what_was_chosen_is_there_again(path: Path) -> None:
    """A change is on the disk when it returns, for the services alone, and they see it."""
    others = HouseholdReader(path)
    assert not others.changed()
    Household(path).change(home=Home(language="de", zone="Europe/Berlin"), privacy=Privacy(keep_days=30))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert others.changed()
    assert others.choices == Household(path).choices
    assert others.choices.privacy.keep_days == 30
    assert not others.changed()


def test_what_cannot_be_is_refused_and_changes_nothing(path: Path) -> None:
    """A wrong value, an unknown section and one channel too many are named."""
    household = Household(path)
    for number in range(CHANNELS):
        household.add("channels", channel(number))
    before = household.choices
    for wrong in ({"privacy": {"keep_days": 0}}, {"pets": 3}, {"channels": (*before.channels, channel(99))}):
        with pytest.raises(HouseholdError, match=next(iter(wrong))):
            household.change(**wrong)
    assert household.choices == before == Household(path).choices


def test_a_disk_that_refuses_changes_nothing(tmp_path: Path) -> None:
    """What cannot be written is not chosen in memory either."""
    household = Household(tmp_path / "away" / "household.json")
    with pytest.raises(HouseholdError, match="nothing was changed"):
        household.change(home=Home(language="de"))
    assert household.choices == Choices()


def test_a_damaged_section_does_not_take_the_others(path: Path) -> None:
    """What is wrong is told with its place; readers keep what they had."""
    household, others = Household(path), HouseholdReader(path)
    household.change(home=Home(language="fr"), privacy=Privacy(keep_days=30))
    assert others.changed()
    path.write_text(path.read_text().replace("30", "-1"))
    again = Household(path)
    assert again.choices == Choices(home=Home(language="fr"))
    assert ["privacy.keep_days" in problem for problem in again.problems] == [True]
    assert not others.changed()
    assert others.choices.privacy.keep_days == 30


@given(st.binary(max_size=200) | st.text().map(lambda text: f'{{"home": {{"language": "{text}"}}}}'.encode()))
def test_any_bytes_are_read_or_told(raw: bytes) -> None:
    """Whatever the file holds, there are choices; if not all of it could be used, that is said."""
    choices, problems = parse("household.json", raw)
    assert isinstance(choices, Choices)
    assert problems or parse("household.json", choices.model_dump_json().encode()) == (choices, [])


def test_threads_take_turns(path: Path) -> None:
    """Of lists to which several threads add at once, nothing is lost; what is removed is gone."""
    household = Household(path)
    spans = [Forgetting(since=at, until=at + 1, asked_at=0) for at in range(20)]
    threads = [Thread(target=household.add, args=("forgetting", span)) for span in spans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Household(path).choices.forgetting) == set(spans)
    household.remove("forgetting", spans[3])
    assert set(Household(path).choices.forgetting) == set(spans) - {spans[3]}
