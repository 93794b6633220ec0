# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps a TinyDB in one file that is always whole: the old one or the new one, whatever dies when."""

import json
from pathlib import Path

from tinydb.storages import Storage

from appliance.disk import replace_file
from appliance.speakers.registry_file import Tables


class AtomicStorage(Storage):
    """Changes are made in memory, until ``commit`` puts them onto the disk in one go or ``roll_back`` drops them.

    The file is written beside and takes the place of the old one. Its mode is 0600 if nothing else is said: who lives
    with whom, and secrets, are nobody else's. One process writes; its threads take turns outside.
    """

    def __init__(self, path: Path, text: str, mode: int = 0o600) -> None:
        """Take the file, and what it holds by now."""
        self._path = path
        self._mode = mode
        self._text = self._on_disk = text

    def read(self) -> Tables | None:
        """Return all tables, each time made anew: what TinyDB changes in them is nothing until it is written."""
        tables: Tables | None = json.loads(self._text) if self._text else None
        return tables

    def write(self, data: Tables) -> None:
        """Take all tables into memory."""
        self._text = json.dumps(data, ensure_ascii=False, indent=1)

    def commit(self) -> None:
        """Put what was changed onto the disk; OSError if that fails, and then the old file stays."""
        if self._text != self._on_disk:
            replace_file(self._path, self._text, self._mode)
            self._on_disk = self._text

    def roll_back(self) -> None:
        """Forget what was changed and is not on the disk."""
        self._text = self._on_disk
