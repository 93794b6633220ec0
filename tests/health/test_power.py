# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.health.power import power
from appliance.limits import HOT_CELSIUS
from tests.health.readings import START, kinds, machine


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"celsius": HOT_CELSIUS - 1, "under_voltage": False, "throttled": False}, []),
        ({"celsius": HOT_CELSIUS}, ["hot"]),
        ({"under_voltage": True}, ["under-voltage"]),
        ({"throttled": True}, ["throttled"]),
    ],
)
def test_heat_and_power(said: dict[str, object], expected: list[str]) -> None:
    """Heat, a weak supply and a slowed processor are told; a machine that tells nothing of them is well."""
    assert kinds(power(machine(START, **said))) == expected
