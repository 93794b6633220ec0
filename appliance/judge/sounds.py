# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the sounds file, one JSON object a line, into facts in the order of their time (contract: docs/sounds.md)."""

import json
from collections.abc import Iterator
from heapq import heappop, heappush
from pathlib import Path
from typing import BinaryIO, NoReturn

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from appliance.events import Coverage, Ear, Placement, Speech, Wake
from appliance.judge.sound_lines import SOUND_LINE, NoteLine, SoundLine
from appliance.limits import JUDGE_DEVICES, JUDGE_EARS, SOUND_LINE_BYTES, SOUNDS_DISORDER

_TYPES = "ear, speaker, coverage, wake, speech, note"
#: Digits of the longest whole number that means anything here, and some.
_DIGITS = 20

SoundFact = Ear | Placement | Coverage | Wake | Speech


class SoundsError(Exception):
    """The sounds file cannot be used: where, why, and what to do about it."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        super().__init__(f"{file}:{line}: {problem}")


class Sounds:
    """The facts of one sounds file; iterating reads it once, streaming.

    Ears and speakers come first, then all else by its begin. Lines may be out of order by up to ``SOUNDS_DISORDER``
    lines, so a small file may have any order. ``simulated`` is true once a note has said that the file was made up.
    Raises SoundsError at the first line that is wrong, OSError if the file cannot be read.
    """

    def __init__(self, source: Path | BinaryIO, name: str | None = None) -> None:
        self.simulated = False
        self._source = source
        self._name = name or str(source if isinstance(source, Path) else getattr(source, "name", "sounds"))
        self._line = 0
        self._met: set[tuple[str, str]] = set()

    def __iter__(self) -> Iterator[SoundFact]:
        if isinstance(self._source, Path):
            with self._source.open("rb") as file:
                yield from self._in_order(file)
        else:
            yield from self._in_order(self._source)

    def _in_order(self, file: BinaryIO) -> Iterator[SoundFact]:
        """Hold so many facts back that a few lines out of order do not show."""
        waiting: list[tuple[float, int, SoundFact]] = []
        handed_on = float("-inf")
        for fact in self._facts(file):
            begin = _begin(fact)
            if begin < handed_on:
                self._refuse(_disorder(fact, handed_on))
            heappush(waiting, (begin, self._line, fact))
            if len(waiting) > SOUNDS_DISORDER:
                handed_on, _, earliest = heappop(waiting)
                yield earliest
        while waiting:
            yield heappop(waiting)[2]

    def _facts(self, file: BinaryIO) -> Iterator[SoundFact]:
        while raw := file.readline(SOUND_LINE_BYTES + 1):
            self._line += 1
            if len(raw) > SOUND_LINE_BYTES:
                self._refuse(f"the line is longer than {SOUND_LINE_BYTES} bytes; is this a sounds file?")
            if not raw.strip():
                continue
            line = self._parse(raw)
            if isinstance(line, NoteLine):
                self.simulated |= line.simulated
            else:
                yield self._bounded(line.fact())

    def _parse(self, raw: bytes) -> SoundLine:
        try:
            text = raw.decode("utf-8-sig")
            value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_integer)
            return SOUND_LINE.validate_python(value)
        except ValidationError as error:
            self._refuse("; ".join(_explain(each) for each in error.errors(include_url=False)[:3]))
        except UnicodeDecodeError:
            self._refuse("is not UTF-8 text; is this a sounds file?")
        except json.JSONDecodeError as error:
            self._refuse(f"is not one JSON object: {error.msg} at character {error.pos + 1}")
        except RecursionError:
            self._refuse("is nested too deeply; is this a sounds file?")
        except ValueError as error:
            self._refuse(str(error))

    def _bounded(self, fact: SoundFact) -> SoundFact:
        """Count the ears and speakers, which a household has few of."""
        match fact:
            case Placement():
                self._meet("speaker", fact.device, JUDGE_DEVICES)
            case Coverage():
                self._meet("ear", fact.source, JUDGE_EARS)
            case _:
                self._meet("ear", fact.ear, JUDGE_EARS)
        return fact

    def _meet(self, what: str, name: str, limit: int) -> None:
        if (what, name) in self._met:
            return
        self._met.add((what, name))
        if sum(kind == what for kind, _ in self._met) > limit:
            self._refuse(f"has more than {limit} {what}s; one file is one household")

    def _refuse(self, problem: str) -> NoReturn:
        raise SoundsError(self._name, self._line, problem) from None


def furniture(path: Path) -> list[Ear | Placement]:
    """Return what a sounds file says of ears and speakers. Raises SoundsError or OSError."""
    return [fact for fact in Sounds(path) if isinstance(fact, Ear | Placement)]


def _begin(fact: SoundFact) -> float:
    return float("-inf") if isinstance(fact, Ear | Placement) else fact.time


def _disorder(fact: SoundFact, handed_on: float) -> str:
    if isinstance(fact, Ear | Placement):
        return "ears and speakers must come first in so long a file: move the line to its top"
    late = handed_on - _begin(fact)
    return f"is {late:.1f} s older than lines far before it: sort the file by time (or start)"


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse what JSON leaves open: which of two values a key that comes twice has."""
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has the key {twice[:40]!r} twice")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError(f"has a number of {len(digits)} digits")
    return int(digits)


def _explain(error: ErrorDetails) -> str:
    """Say in plain words what pydantic found."""
    key = ".".join(str(step) for step in error["loc"][1:])
    match error["type"]:
        case "union_tag_not_found":
            text = f'has no "type", one of {_TYPES}'
        case "union_tag_invalid":
            text = f"type {str(error['ctx']['tag'])[:40]!r} is not known, only {_TYPES}"
        case "model_attributes_type" | "model_type" | "dict_type":
            text = "is not a JSON object"
        case "missing":
            text = f"{key} is missing"
        case "extra_forbidden":
            text = f"{key[:40]!r} is not a key of type {error['loc'][0]}"
        case "less_than" if key in {"time", "start", "end"}:
            text = f"{key} should be in seconds since the epoch; are these milliseconds?"
        case _:
            words = error["msg"].removeprefix("Value error, ").replace("Input should", "should")
            text = f"{key}: {words}" if key else words
    return text
