# SPDX-License-Identifier: GPL-2.0-or-later
"""The household's choices in one small JSON file: the hub changes it, others read it."""

import json
from pathlib import Path
from threading import RLock

from pydantic import BaseModel, ValidationError

from appliance.disk import READABLE, replace_file, stamp_of
from appliance.household.choices import Choices
from appliance.limits import HOUSEHOLD_BYTES


class HouseholdError(Exception):
    """A choice cannot be, or could not be written; the message says which, and why. Nothing was changed."""


class Household:
    """The hub's side: the choices as they are, and changes of them. Any thread may call."""

    def __init__(self, path: Path) -> None:
        """Read the file at ``path``; choices that cannot be read are as if nobody had made them (``problems``)."""
        self._path = path
        self._lock = RLock()
        self.choices, self.problems = load(path)

    def change(self, **sections: object) -> Choices:
        """Put sections in place of what was chosen: what it returns is on the disk. Raises HouseholdError."""
        with self._lock:
            choices = _valid({**dict(self.choices), **sections})
            try:
                replace_file(self._path, choices.model_dump_json(indent=1, exclude_defaults=True), READABLE)
            except OSError as error:
                raise HouseholdError(
                    f"{self._path}: cannot be written ({error.strerror}); nothing was changed"
                ) from None
            self.choices = choices
            return choices

    def add(self, section: str, one: BaseModel) -> Choices:
        """Add to a section that is a list. Raises HouseholdError."""
        with self._lock:
            return self.change(**{section: (*getattr(self.choices, section), one)})

    def remove(self, section: str, one: BaseModel) -> Choices:
        """Take from a section that is a list what equals ``one``. Raises HouseholdError."""
        with self._lock:
            return self.change(**{section: tuple(each for each in getattr(self.choices, section) if each != one)})


class HouseholdReader:
    """Everybody else's side: polls the file, and keeps the last good choices."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self.choices = Choices()

    def changed(self) -> bool:
        """Look at the file; say whether there are new choices."""
        stamp = stamp_of(self._path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        before, (choices, problems) = self.choices, load(self._path)
        if not problems:
            self.choices = choices
        return self.choices != before


def load(path: Path) -> tuple[Choices, list[str]]:
    """Return the choices in a file, and what is wrong in it; what is wrong there counts as not chosen."""
    try:
        with path.open("rb") as file:
            return parse(str(path), file.read(HOUSEHOLD_BYTES + 1))
    except FileNotFoundError:
        return Choices(), []
    except OSError as error:
        return Choices(), [f"{path}: cannot be read ({error.strerror})"]


def parse(name: str, raw: bytes) -> tuple[Choices, list[str]]:
    """Return the choices in the bytes of a file called ``name``, and what is wrong in them; takes any bytes."""
    if len(raw) > HOUSEHOLD_BYTES:
        return Choices(), [f"{name}: has more than {HOUSEHOLD_BYTES} bytes"]
    try:
        said = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        return Choices(), [f"{name}: {error}"]
    if not isinstance(said, dict):
        return Choices(), [f"{name}: must be one object, of sections by name"]
    sections: dict[str, object] = {}
    problems = []
    for section, value in said.items():
        try:
            sections[section] = getattr(_valid({section: value}), section)
        except HouseholdError as error:
            problems.append(f"{name}: {error}")
    return Choices.model_validate(sections), problems


def _valid(sections: dict[str, object]) -> Choices:
    try:
        return Choices.model_validate(sections)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(map(str, wrong["loc"]))
        raise HouseholdError(f"{place}: {wrong['msg'].removeprefix('Value error, ')}") from None
