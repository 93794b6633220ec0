# SPDX-License-Identifier: GPL-2.0-or-later
"""The one-time code of the first run: whoever has it is at the machine, and so may become the house's owner."""

from hmac import compare_digest
from pathlib import Path
from secrets import choice

from appliance.disk import replace_file
from appliance.limits import CODE_CHARACTERS

#: No letter or digit that is taken for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def code_file(state: Path) -> Path:
    """Return where the code is, in the state folder."""
    return state / "setup-code"


class SetupCode:
    """Made when there is no owner yet, and gone when there is one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        """Return the code; None if there is none."""
        try:
            return self._path.read_text(encoding="ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def make(self) -> str:
        """Return the code; make one if there is none. Raises OSError."""
        code = self.read()
        if code is None:
            letters = "".join(choice(_LETTERS) for _ in range(CODE_CHARACTERS))
            code = f"{letters[: CODE_CHARACTERS // 2]}-{letters[CODE_CHARACTERS // 2 :]}"
            replace_file(self._path, f"{code}\n")
        return code

    def fits(self, typed: str) -> bool:
        """Say whether somebody typed the code; spaces, dashes and capitals do not matter."""
        code = self.read()
        return code is not None and compare_digest(_bare(code), _bare(typed))

    def drop(self) -> None:
        """Forget it: it was used."""
        self._path.unlink(missing_ok=True)


def _bare(code: str) -> bytes:
    return "".join(each for each in code.lower() if each.isalnum()).encode()
