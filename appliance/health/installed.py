# SPDX-License-Identifier: GPL-2.0-or-later
"""What the installer noted for others to see: how the last update went."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from appliance.health.reading import LastUpdate, Reading
from appliance.health.trouble import Trouble
from appliance.limits import UPDATE_RECORD_BYTES, UPDATE_TOLD_S


def read_update(install: Path) -> LastUpdate | None:
    """Return how the last update stands or went; None if there was none, or nothing that can be read."""
    try:
        with (install / "last-update.json").open("rb") as file:
            return LastUpdate.model_validate_json(file.read(UPDATE_RECORD_BYTES))
    except (OSError, ValidationError):
        return None


def updated(reading: Reading) -> Iterator[Trouble]:
    """Yield that an update went back, for some days: whoever asked for it may not have stayed to see."""
    found = reading.update
    if found is None or found.state != "back" or not 0 <= reading.machine.wall - found.time <= UPDATE_TOLD_S:
        return
    yield Trouble(
        "update-undone",
        f"The update to {found.to} did not work, and {found.from_} runs again.",
        "Nothing was lost. The page Update says what went wrong.",
    )
