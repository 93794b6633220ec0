# SPDX-License-Identifier: GPL-2.0-or-later
"""Heat and power, of which a Pi without a case or with a telephone's charger suffers: it slows down or stops."""

from collections.abc import Iterator

from appliance.events import Evidence
from appliance.health.reading import Machine
from appliance.health.trouble import Trouble
from appliance.limits import HOT_AFTER_S, HOT_CELSIUS, POWER_CALM_S


def power(machine: Machine) -> Iterator[Trouble]:
    """Yield what is wrong with the machine's heat and power."""
    if machine.celsius is not None and machine.celsius >= HOT_CELSIUS:
        yield Trouble(
            "hot",
            f"The processor is at {machine.celsius:.0f} °C and about to slow down.",
            "Give it air, a heat sink or a cooler place.",
            figures=(Evidence("celsius", round(machine.celsius, 1), "degrees Celsius"),),
            after=HOT_AFTER_S,
            calm=POWER_CALM_S,
        )
    if machine.under_voltage:
        yield Trouble(
            "under-voltage",
            "The power supply is too weak: the voltage drops, and a card may be damaged by it.",
            "Use the supply made for this machine, and a short, thick cable.",
            calm=POWER_CALM_S,
        )
    if machine.throttled:
        yield Trouble(
            "throttled",
            "The processor is slowed down because of heat or power: frames may be lost.",
            "See to the power supply and to the cooling.",
            after=HOT_AFTER_S,
            calm=POWER_CALM_S,
        )
