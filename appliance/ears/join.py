# SPDX-License-Identifier: GPL-2.0-or-later
"""Joins what an ear tells piece by piece, for those who read it afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import log10
from typing import TypeVar

from appliance.events import Coverage, Speech

T = TypeVar("T")

_TOUCH_S = 0.02  #: pieces of 10 ms; times are rounded


def joined(facts: Iterable[T]) -> Iterator[T | Coverage | Speech]:
    """Yield ``facts`` with stretches of coverage, and pieces of speech, that touch each other made one.

    A stretch comes when it has ended, so behind what was heard in it.
    """
    coverage: Coverage | None = None
    speech: Speech | None = None
    for fact in facts:
        match fact:
            case Coverage():
                if coverage and not touch(coverage, fact):
                    yield coverage
                    coverage = None
                coverage = replace(coverage, ended_at=fact.ended_at) if coverage else fact
            case Speech():
                if speech and not (touch(speech, fact) and speech.kind == fact.kind):
                    yield speech
                    speech = None
                speech = as_one(speech, fact) if speech else fact
            case _:
                yield fact
    if speech:
        yield speech
    if coverage:
        yield coverage


def touch(before: Coverage | Speech, after: Coverage | Speech) -> bool:
    """Say whether one goes on where the other ended."""
    return after.time - before.ended_at <= _TOUCH_S


def as_one(before: Speech, after: Speech) -> Speech:
    """Return both as one, at the mean of their power."""
    if before.level is None or after.level is None:
        return replace(before, ended_at=after.ended_at)
    parts = [(each.ended_at - each.time) * 10 ** ((each.level or 0.0) / 10) for each in (before, after)]
    length = after.ended_at - before.time
    level = 10 * log10(max(sum(parts) / max(length, 1e-9), 1e-10))
    return replace(before, ended_at=after.ended_at, level=round(level, 1))
