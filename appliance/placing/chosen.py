# SPDX-License-Identifier: GPL-2.0-or-later
"""The placement in the settings file: two keys are set, and whatever else people wrote stays as it is."""

from collections.abc import Sequence

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from appliance.placing.plan import PlacingError
from appliance.settings import Placement, SettingsError, parse_settings

#: What the two keys were, as TOML has them; those that were not there are missing.
Before = dict[str, object]
_KEYS = ("placement", "interfaces")


def chosen(text: str, placement: Placement, interfaces: Sequence[str]) -> str:
    """Return the settings with another placement. Raises PlacingError if they cannot be used, before or after."""
    changed = _changed(text, {"placement": placement.value, "interfaces": list(interfaces)})
    try:
        parse_settings("the settings", changed.encode())
    except SettingsError as error:
        raise PlacingError(str(error)) from None
    return changed


def before(text: str) -> Before:
    """Return what the two keys say."""
    section = _read(text).get("capture", {})
    return {key: section[key].unwrap() for key in _KEYS if key in section}


def undone(text: str, values: Before) -> str:
    """Return settings that somebody has changed since, with the two keys as they were before."""
    return _changed(text, values)


def _changed(text: str, values: Before) -> str:
    document = _read(text)
    section = document.get("capture")
    if section is None:
        section = tomlkit.table()
        if values:
            document["capture"] = section
    if not isinstance(section, Table):
        raise PlacingError("the settings: [capture] is no section of its own; write it as one, and try again")
    for key in _KEYS:
        if key in values:
            section[key] = values[key]
        elif key in section:
            del section[key]
    return tomlkit.dumps(document)


def _read(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise PlacingError(f"the settings: {error}") from None
