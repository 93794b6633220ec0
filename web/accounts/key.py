# SPDX-License-Identifier: GPL-2.0-or-later
"""The key in the link that ``earwitness demo`` prints: whoever has it sees that console, and it opens once."""

from hmac import compare_digest
from pathlib import Path
from secrets import token_urlsafe

from appliance.disk import replace_file
from appliance.limits import DEMO_KEY_BYTES


class DemoKey:
    """Made by the command in the state folder of a house that is not there; taken by its hub."""

    def __init__(self, state: Path) -> None:
        self._path = state / "demo-key"

    def make(self) -> str:
        """Return a new key, which is good until it is taken. Raises OSError."""
        key = token_urlsafe(DEMO_KEY_BYTES)
        replace_file(self._path, key)
        return key

    @property
    def taken(self) -> bool:
        """Whether there is no key any more."""
        return not self._path.exists()

    def take(self, shown: str) -> bool:
        """Say whether this is the key; it is for whoever comes first, and then for nobody."""
        try:
            if not compare_digest(self._path.read_bytes(), shown.encode(errors="replace")):
                return False
            self._path.unlink()
        except OSError:  # somebody was here before
            return False
        return True
