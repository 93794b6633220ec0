# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts as rows of the ledger, and rows as facts; which service writes which table.

A column is named like the field it holds. A flow takes five columns; lists, and what a verdict judged, are JSON.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from types import NoneType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_type_hints

from appliance.events import (
    CAPTURE,
    Correction,
    Coverage,
    Device,
    Evidence,
    Exposure,
    ExposureKind,
    Finding,
    FlowKey,
    Loss,
    Name,
    Proof,
    Reply,
    Role,
    Service,
    Speech,
    Tell,
    Traffic,
    Upload,
    Verdict,
    Wake,
)

#: The source of the coverage that says how far the judge has come.
HUB = "hub"

_Seen = Correction | Device | Exposure | Loss | Name | Reply | Traffic | Upload
Fact = _Seen | Coverage | Finding | Speech | Verdict | Wake
F = TypeVar("F", bound=Fact)
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table(Generic[F]):
    """One table: the facts in it, and who alone may add to it."""

    name: str
    fact: type[F]
    owner: Service

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact's columns, after ``id`` and ``boot``."""
        return _columns(self.fact)

    def read(self, values: Sequence[Value]) -> F:
        """Make the fact of its columns' values; ValueError (or TypeError) if they are none."""
        return _read(self.fact, values)


CLOCK = Table("clock", Correction, Service.CAPTURE)
DEVICE = Table("device", Device, Service.CAPTURE)
UPLOAD = Table("upload", Upload, Service.CAPTURE)
REPLY = Table("reply", Reply, Service.CAPTURE)
LOSS = Table("loss", Loss, Service.CAPTURE)
TRAFFIC = Table("traffic", Traffic, Service.CAPTURE)
NAME = Table("name", Name, Service.CAPTURE)
EXPOSURE = Table("exposure", Exposure, Service.CAPTURE)
WAKE = Table("wake", Wake, Service.EARS)
SPEECH = Table("speech", Speech, Service.EARS)
VERDICT = Table("verdict", Verdict, Service.HUB)
COVERAGES = {service: Table(f"{service}_coverage", Coverage, service) for service in Service}
FINDINGS = {service: Table(f"{service}_finding", Finding, service) for service in Service}

#: Every table of facts. Beside them is only ``boot``, into which whichever service comes first puts its row.
TABLES: tuple[Table[Any], ...] = (
    *(CLOCK, DEVICE, UPLOAD, REPLY, LOSS, TRAFFIC, NAME, EXPOSURE, WAKE, SPEECH, VERDICT),
    *COVERAGES.values(),
    *FINDINGS.values(),
)
_BY_FACT = {table.fact: table for table in TABLES}


def table_of(fact: Fact) -> Table[Any]:
    """Return the table that the fact belongs to."""
    match fact:
        case Coverage():
            return COVERAGES[_WATCHERS.get(fact.source, Service.EARS)]
        case Finding():
            return FINDINGS[fact.source]
        case _:
            return _BY_FACT[type(fact)]


_WATCHERS = {CAPTURE: Service.CAPTURE, HUB: Service.HUB}  # every other source of coverage is an ear


def values_of(fact: Fact) -> tuple[Value, ...]:
    """Return the values of the fact's columns."""
    values = _plain(fact)
    return (*values, *_key_of(fact)) if isinstance(fact, Verdict) else values


def _plain(fact: Fact) -> tuple[Value, ...]:
    return tuple(value for part in _PARTS[type(fact)] for value in part.write(getattr(fact, part.name)))


def _key_of(verdict: Verdict) -> tuple[float, str]:
    """Return what makes it a verdict on the same thing: when that was, and what."""
    if verdict.upload is not None:
        return verdict.upload.started_at, " ".join(map(str, verdict.upload.flow))
    if verdict.wake is not None:
        return verdict.wake.time, f"{verdict.wake.ear} {verdict.wake.word}"
    raise ValueError("a verdict is on an upload or on a wake word")


def _columns(fact: type[Any]) -> tuple[str, ...]:
    names = tuple(name for part in _PARTS[fact] for name in part.columns)
    return (*names, "moment", "about") if fact is Verdict else names


def _read(fact: type[F], values: Sequence[Value]) -> F:
    rest = iter(values)  # of a day's page thousands are read: most fields have one column
    return fact(
        *[
            part.read(next(rest)) if len(part.columns) == 1 else part.read(*islice(rest, len(part.columns)))
            for part in _PARTS[fact]
        ]
    )


class _Part(NamedTuple):
    """One field of a fact: its columns, and the way there and back."""

    name: str
    columns: tuple[str, ...]
    write: Callable[[Any], tuple[Value, ...]]
    read: Callable[..., Any]


def _parts(fact: type[Any]) -> tuple[_Part, ...]:
    hints = get_type_hints(fact)
    return tuple(_part(field.name, hints[field.name]) for field in fields(fact))


def _part(name: str, hint: Any) -> _Part:  # noqa: ANN401 - a type hint may be anything
    if hint is FlowKey:
        return _Part(name, FlowKey._fields, tuple, FlowKey)
    write, read = _WAYS[hint] if hint in _WAYS else _WAYS[_without_none(hint)]
    return _Part(
        name,
        (name,),
        lambda value: (None if value is None else write(value),),
        read if hint in _WAYS else lambda value: None if value is None else read(value),
    )


def _without_none(hint: Any) -> Any:  # noqa: ANN401 - a type hint may be anything
    return next(each for each in get_args(hint) if each is not NoneType)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _document(fact: Fact) -> str:
    return _json(_plain(fact))


def _undocument(fact: type[F]) -> Callable[[str], F]:
    return lambda text: _read(fact, json.loads(text))


def _evidence(evidence: tuple[Evidence, ...]) -> str:
    return _json([(each.key, each.value, each.text) for each in evidence])


def _unevidence(text: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(*each) for each in json.loads(text))


_WAYS: dict[Any, tuple[Callable[[Any], Value], Callable[[Any], Any]]] = {
    str: (str, str),
    int: (int, int),
    float: (float, float),
    bool: (int, bool),
    Role: (str, Role),
    Proof: (str, Proof),
    Tell: (str, Tell),
    ExposureKind: (str, ExposureKind),
    Service: (str, Service),
    tuple[str, ...]: (_json, lambda text: tuple(json.loads(text))),
    tuple[Evidence, ...]: (_evidence, _unevidence),
    Upload: (_document, _undocument(Upload)),
    Wake: (_document, _undocument(Wake)),
}
_PARTS: dict[type[Any], tuple[_Part, ...]] = {fact: _parts(fact) for fact in get_args(Fact)}
