# SPDX-License-Identifier: GPL-2.0-or-later
"""What the installer noted for others to see: how the last update went."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from appliance.clocks import boot_id
from appliance.health.reading import LastUpdate
from appliance.health.trouble import Trouble
from appliance.limits import UPDATE_GOES_BACK_S, UPDATE_RECORD_BYTES, UPDATE_TOLD_S
from appliance.status import alive


def read_update(install: Path) -> LastUpdate | None:
    """Return how the last update stands or went; None if there was none, or nothing that can be read.

    Whoever is killed, or has no power, cannot note that: what is noted as running without anybody at it was broken off.
    """
    try:
        with (install / "last-update.json").open("rb") as file:
            found = LastUpdate.model_validate_json(file.read(UPDATE_RECORD_BYTES))
    except (OSError, ValidationError):
        return None
    if found.state == "running" and not (found.boot == boot_id() and alive(found.pid)):
        return found.model_copy(update={"state": "broken-off"})
    return found


def update_troubles(found: LastUpdate | None, wall: float) -> Iterator[Trouble]:
    """Yield that an update went back, or stopped, for some days: whoever asked for it may not have stayed to see."""
    if found is None or not 0 <= wall - found.time <= UPDATE_TOLD_S:
        return
    if found.state == "back":
        yield Trouble(
            "update-undone",
            f"The update to {found.to} did not work, and {found.from_} runs again.",
            "Nothing was lost. The page Update says what went wrong.",
        )
    elif found.state == "broken-off":
        yield Trouble(
            "update-broken-off",
            "An update was broken off, by a power cut or by somebody: it is not installed.",
            "Nothing was lost. The page Update can be asked again.",
            after=UPDATE_GOES_BACK_S,
        )
