# SPDX-License-Identifier: GPL-2.0-or-later
"""What ears heard around an upload, as the sounds file (docs/sounds.md) that goes with its capture."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from appliance.events import Coverage, Ear, Placement, Service, Speech, Wake
from appliance.judge.sound_lines import line_of
from appliance.ledger import Reader, wall
from appliance.ledger.rows import COVERAGES, SPEECH, WAKE, Table
from appliance.limits import EVIDENCE_SOUNDS_AFTER_S, HEARD_BEFORE_S, LEDGER_COVERAGE_S

_WITHIN = "WHERE boot = ? AND time BETWEEN ? AND ? AND ended_at >= ?"
_AT = "WHERE boot = ? AND time BETWEEN ? AND ?"

Heard = Wake | Speech | Coverage


def sounds_around(  # noqa: PLR0913, PLR0917 - what a sounds file is made of
    reader: Reader,
    boot: int,
    start: float,
    end: float,
    furniture: Iterable[Ear | Placement] = (),
    offset: float | None = None,
    *,
    simulated: bool = False,
) -> list[str]:
    """Return the lines for a capture from ``start`` to ``end`` (steady seconds) of the ledger's boot number ``boot``.

    ``furniture`` is what the household says of its ears and speakers. ``offset`` is what the capture added to steady
    time (``Context.offset``), without it what the ledger knows of the clock. Raises LedgerError.
    """
    begin, until = start - HEARD_BEFORE_S, end + EVIDENCE_SOUNDS_AFTER_S
    shift = wall(reader, boot, start).time - start if offset is None else offset
    heard: list[Heard] = [fact for _, fact in reader.facts(WAKE, _AT, (boot, begin, until))]
    stretches: tuple[Table[Any], ...] = (SPEECH, COVERAGES[Service.EARS], COVERAGES[Service.CAPTURE])
    for table in stretches:
        heard += [fact for _, fact in reader.facts(table, _WITHIN, (boot, begin - LEDGER_COVERAGE_S, until, begin))]
    note = {"type": "note", "text": "what ears heard around an upload", "simulated": simulated}
    facts = [*furniture, *(_shifted(fact, shift) for fact in sorted(heard, key=lambda fact: fact.time))]
    return [json.dumps(note), *_lines(facts)]


def _lines(facts: Iterable[Heard | Ear | Placement]) -> Iterator[str]:
    for fact in facts:
        with suppress(ValueError):  # what no line may say, such as a score that a flipped bit made
            yield line_of(fact)


def _shifted(fact: Heard, offset: float) -> Heard:
    """Return a fact in wall-clock time."""
    if isinstance(fact, Wake):
        return replace(fact, time=fact.time + offset)
    return replace(fact, time=fact.time + offset, ended_at=fact.ended_at + offset)
