# SPDX-License-Identifier: GPL-2.0-or-later
"""Forgets what the household asked to be forgotten, a batch at each step; whoever dies in between goes on afterwards.

What was asked stays on the household's list until it is done. That is some time after the last batch: services write
down late what they counted and heard.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from appliance.evidence import Shelf, evidence_key
from appliance.evidence.shelf import key_of
from appliance.household import Forgetting, Household
from appliance.ledger import Batch, Ledger, Reader, Span, clear, drop, next_batch, note_forgotten
from appliance.ledger.rows import UPLOAD, VERDICT
from appliance.limits import FORGET_AGAIN_S, FORGET_LATE_S
from appliance.speakers.registry import Registry

#: Files that a repair or a restore has set aside, and copies that are kept here: they hold what was known then.
_SET_ASIDE = ("ledger/*.damaged-*", "ledger/*.replaced-*", "*.replaced-*", "backups/*")


class Keeper(NamedTuple):
    """Who keeps something that may have to be forgotten."""

    state: Path  #: the folder of all of it
    registry: Registry
    shelf: Shelf


class Forgetter:
    """Carries out one request after the other; the thread that calls it owns the ledger."""

    def __init__(self, household: Household, keeper: Keeper) -> None:
        self._household = household
        self._keeper = keeper
        self._again: dict[Forgetting, float] = {}  # when to look again at what was begun

    def step(self, ledger: Ledger, boot: int, now: float) -> bool:
        """Do a little, if anything is to be forgotten; say whether there is more to do at once.

        ``boot`` is this run of the machine, ``now`` wall-clock seconds. Raises LedgerError, ShelfError, RegistryError,
        HouseholdError, OSError; nothing is lost by that, and it is tried again in a while.
        """
        due = (each for each in self._household.choices.forgetting if now >= self._again.get(each, now))
        asked = next(due, None)
        if asked is None:
            return False
        begun = asked in self._again
        self._again[asked] = now + FORGET_AGAIN_S
        if self._batch(ledger, asked, begun=begun):
            self._again[asked] = now
            return True
        clear(ledger, Span(asked.since, asked.until), boot)
        if now - asked.asked_at >= FORGET_LATE_S:
            self._household.remove("forgetting", asked)
            del self._again[asked]
        return False

    def _batch(self, ledger: Ledger, asked: Forgetting, *, begun: bool) -> bool:
        """Forget one batch; say whether there was one."""
        span = Span(asked.since, asked.until)
        if not begun:
            note_forgotten(ledger, span, asked.asked_at)
        with closing(ledger.reader()) as reader:
            batch = next_batch(reader, span)
            if batch is not None:
                self._drop_beside(reader, batch)
        if batch is not None:
            drop(ledger, batch)
        if batch is None or not begun:
            self._drop_files(span)
        return batch is not None

    def _drop_files(self, span: Span) -> None:
        """Drop captures by the time in their names, and whatever was set aside: nobody can forget a part of it."""
        shelf = self._keeper.shelf
        shelf.drop({kept.key for kept in shelf.kept() if span.since - 1 < kept.time < span.until})
        for pattern in _SET_ASIDE:
            for path in filter(Path.is_file, self._keeper.state.glob(pattern)):
                path.unlink(missing_ok=True)

    def _drop_beside(self, reader: Reader, batch: Batch) -> None:
        """Drop what lies elsewhere of a batch, before the batch: captures, and what people said."""
        if batch.table is VERDICT:
            self._keeper.registry.take_back(*map(str, batch.ids))
        if batch.table in (UPLOAD, VERDICT):
            self._keeper.shelf.drop(set(_keys(reader, batch)))


def _keys(reader: Reader, batch: Batch) -> Iterator[str]:
    """Yield by what captures of these uploads are found."""
    boots = dict(reader.rows("SELECT id, boot_id FROM boot"))
    ids = ", ".join(map(str, batch.ids))
    if batch.table is VERDICT:
        for boot, about, moment in reader.rows(f"SELECT boot, about, moment FROM verdict WHERE id IN ({ids})"):  # noqa: S608 - numbers
            yield key_of(boots[boot], about, moment)
        return
    of = dict(reader.rows(f"SELECT id, boot FROM upload WHERE id IN ({ids})"))  # noqa: S608 - numbers
    for id_, upload in reader.facts(UPLOAD, f"WHERE id IN ({ids})"):
        yield evidence_key(boots[of[id_]], upload)
