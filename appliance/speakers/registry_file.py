# SPDX-License-Identifier: GPL-2.0-or-later
"""The registry's file, as everybody may read it."""

import json
from pathlib import Path
from typing import Any

from appliance.disk import stamp_of
from appliance.language import translate
from appliance.limits import REGISTRY_BYTES
from appliance.speakers.inventory import Inventory, read_inventory

Tables = dict[str, dict[str, Any]]


class RegistryError(Exception):
    """The registry cannot be read, or takes something not: ``why``, in the reader's language, and which ``field``."""

    def __init__(self, why: str, field: str = "") -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.why, self.field = why, field


class RegistryReader:
    """Everybody else's side: polls the file, and keeps the last good household if somebody damages it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self.inventory = Inventory()
        self.problems: list[str] = []  #: what is wrong with the file now, in words

    def changed(self) -> bool:
        """Look at the file; say whether there is a new household."""
        stamp = stamp_of(self._path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        _, tables, self.problems = load(self._path)
        if self.problems:
            return False
        before, self.inventory = self.inventory, read_inventory(tables)[0]
        return self.inventory != before


def load(path: Path) -> tuple[str, Tables, list[str]]:
    """Return the file's text, its tables, and what is wrong with it; an absent file is an empty registry."""
    try:
        with path.open("rb") as file:
            raw = file.read(REGISTRY_BYTES + 1)
    except FileNotFoundError:
        return "", {}, []
    except OSError as error:
        why = translate("{path}: cannot be read ({why}): check its rights", path=path, why=error.strerror)
        raise RegistryError(why) from error
    if len(raw) > REGISTRY_BYTES:
        return "", {}, [f"{path}: has more than {REGISTRY_BYTES} bytes"]
    try:
        text = raw.decode()
        tables = json.loads(text)
    except (ValueError, RecursionError) as error:
        return "", {}, [f"{path}: {error}"]
    if not isinstance(tables, dict):
        return "", {}, [f"{path}: must be one object, of tables by name"]
    problems = [f"{path}: {problem}" for problem in read_inventory(tables)[1]]
    return text, {name: table for name, table in tables.items() if isinstance(table, dict)}, problems
