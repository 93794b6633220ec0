# SPDX-License-Identifier: GPL-2.0-or-later
"""What came into the ledger since one looked last, by the clock on the wall."""

from typing import NamedTuple

from appliance.diary.calendar import Calendar, shifted
from appliance.diary.noted import Noted
from appliance.ledger import Reader
from appliance.ledger.rows import F, Table


class Came(NamedTuple):
    """What is new in a table: its newest id, how many more there were than were asked for, and the facts in order."""

    last: int
    left_out: int
    noted: list[Noted]  # type: ignore[type-arg]  # of the table's facts; a NamedTuple cannot say so before Python 3.12


def since(reader: Reader, table: Table[F], last: int, limit: int) -> Came:
    """Return the newest facts, at most ``limit``, that came after the row ``last``."""
    with reader.one_view():
        newest = reader.last(table)
        last = min(last, newest)  # rows may be forgotten, and their ids given anew
        query = f"SELECT id, boot FROM {table.name} WHERE id > ? ORDER BY id DESC LIMIT ?"
        boots = dict(reader.rows(query, (last, limit)))
        if not boots:
            return Came(newest, 0, [])
        facts = reader.facts(table, "WHERE id >= ? ORDER BY id", (min(boots),))
        ((count,),) = reader.rows(f"SELECT count(*) FROM {table.name} WHERE id > ?", (last,))
        calendar = Calendar(reader)
    noted = []
    for id_, fact in facts:
        clock = calendar.wall(boots[id_], fact.time)
        simulated = calendar.simulated(boots[id_])
        noted.append(Noted(shifted(fact, clock.time - fact.time), clock.synchronised, simulated))
    return Came(newest, count - len(boots), noted)
