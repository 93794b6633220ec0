# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Placement
from appliance.report.names import Names
from tests.report.household import SPEAKERS, household

KITCHEN, HALL = SPEAKERS[0][0], SPEAKERS[3][0]


def test_the_households_word_comes_first() -> None:
    """A name that the household gave is used as it is; a room alone is joined with the model."""
    names = Names(household())
    assert names.of(KITCHEN) == "Kitchen Echo"
    assert names.of(HALL) == "Hall Echo Dot"


def test_without_the_household_the_model_speaks() -> None:
    """A speaker nobody placed goes by its model, another device by the name it gives itself."""
    names = Names(replace(household(), placements=[]))
    assert names.of(KITCHEN) == "Echo (4th gen)"
    assert names.of("02:00:00:00:00:99") == "acme-99"


def test_two_devices_never_share_a_name() -> None:
    """Devices of one name are told apart by the end of their address."""
    report = replace(household(), placements=[Placement(KITCHEN, name="Echo"), Placement(HALL, name="Echo")])
    assert {Names(report).of(KITCHEN), Names(report).of(HALL)} == {"Echo (00:11)", "Echo (00:14)"}


def test_a_stranger_goes_by_its_address() -> None:
    """A device that nothing is known of is its address."""
    names = Names(household())
    assert names.of("02:00:00:00:00:77") == "02:00:00:00:00:77"
    assert names.device("02:00:00:00:00:77") is None
