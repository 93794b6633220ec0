# SPDX-License-Identifier: GPL-2.0-or-later
"""What opens the household's channels: addresses, topics, passwords, in a folder that only the hub may enter.

Written, never shown: no page, log, bundle, nor a backup without a passphrase has them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import RLock

from appliance.disk import replace_file
from appliance.limits import SECRET_CHARACTERS, SECRETS_BYTES

Fields = dict[str, str]
_LOCK = RLock()  # of all threads that change the file


class Secrets:
    """The fields of each channel, by its id. Any thread may call."""

    def __init__(self, path: Path) -> None:
        """Take the file; its folder is made, closed to others, when there is something to hide."""
        self._path = path

    def of(self, key: str) -> Fields:
        """Return a channel's fields; none if there are none, or they cannot be read."""
        return self._all().get(key, {})

    def put(self, key: str, fields: Mapping[str, str]) -> None:
        """Keep a channel's fields in place of those it had. Raises OSError; ValueError if one is too long."""
        if any(len(value) > SECRET_CHARACTERS for value in fields.values()):
            raise ValueError(f"more than {SECRET_CHARACTERS} characters")
        with _LOCK:
            self._write({**self._all(), key: dict(fields)})

    def forget(self, key: str) -> None:
        """Drop a channel's fields. Raises OSError."""
        with _LOCK:
            self._write({name: fields for name, fields in self._all().items() if name != key})

    def _all(self) -> dict[str, Fields]:
        try:
            with self._path.open("rb") as file:
                return parse(file.read(SECRETS_BYTES + 1))
        except OSError:
            return {}

    def _write(self, every: dict[str, Fields]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path, json.dumps(every, ensure_ascii=False, indent=1))


def parse(raw: bytes) -> dict[str, Fields]:
    """Return what is well formed in the bytes of a file; takes any."""
    try:
        said = json.loads(raw.decode()) if len(raw) <= SECRETS_BYTES else None
    except (ValueError, RecursionError):
        return {}
    channels = said.items() if isinstance(said, dict) else ()
    return {
        key: {name: value for name, value in fields.items() if isinstance(value, str)}
        for key, fields in channels
        if isinstance(fields, dict)
    }
