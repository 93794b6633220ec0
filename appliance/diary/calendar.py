# SPDX-License-Identifier: GPL-2.0-or-later
"""From steady time, boot by boot, to the clock on the wall, and back; all of the ledger's clocks at once."""

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from appliance.evidence import SIMULATED
from appliance.ledger import Reader, Wall

F = TypeVar("F")

#: The fields of facts that hold a time.
_TIMES = frozenset({"time", "started_at", "known_at", "ended_at"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steady seconds of one boot, from ``since`` to before ``until``, in which wall = steady + ``offset``."""

    boot: int
    since: float
    until: float
    offset: float
    synchronised: bool


class Calendar:
    """The clocks of every boot in the ledger, as they are known at one moment."""

    def __init__(self, reader: Reader) -> None:
        boots = reader.rows("SELECT id, boot_id FROM boot")
        self._made_up = {boot for boot, name in boots if name.startswith(SIMULATED)}
        rows = reader.rows("SELECT boot, since, until, offset, synchronised FROM span ORDER BY boot, since")
        self._stretches = [Stretch(boot, since, until, offset, bool(sure)) for boot, since, until, offset, sure in rows]

    def wall(self, boot: int, time: float) -> Wall:
        """Return the wall-clock time of a boot's steady ``time``."""
        for each in self._stretches:
            if each.boot == boot and each.since <= time < each.until:
                return Wall(time + each.offset, each.synchronised)
        return Wall(time, synchronised=False)

    def between(self, start: float, end: float) -> Iterator[Stretch]:
        """Yield what every boot's clock showed from wall-clock ``start`` to before ``end``."""
        for each in self._stretches:
            since, until = max(each.since, start - each.offset), min(each.until, end - each.offset)
            if since < until:
                yield replace(each, since=since, until=until)

    def simulated(self, boot: int) -> bool:
        """Whether what is noted of a boot never happened."""
        return boot in self._made_up

    @property
    def all_simulated(self) -> bool:
        """Whether nothing in the ledger ever happened, as in a demonstration."""
        return all(each.boot in self._made_up for each in self._stretches)


def shifted(fact: F, offset: float) -> F:
    """Return a fact with its times, and those of the facts in it, ``offset`` seconds later."""
    if not offset:
        return fact
    times, facts = _that_move(cast("Any", type(fact)))
    changes: dict[str, object] = {
        **{name: value + offset for name in times if (value := getattr(fact, name)) is not None},
        **{name: shifted(value, offset) for name in facts if (value := getattr(fact, name)) is not None},
    }
    return replace(fact, **changes)  # type: ignore[type-var] # a fact is a dataclass


@cache
def _that_move(fact: type[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a fact's fields that hold a time, and of those that hold a fact."""
    hints = get_type_hints(fact)
    facts = (name for name, hint in hints.items() if any(map(is_dataclass, _alternatives(hint))))
    return tuple(name for name in hints if name in _TIMES), tuple(facts)


def _alternatives(hint: object) -> tuple[object, ...]:
    return get_args(hint) if isinstance(hint, UnionType) else (hint,)
