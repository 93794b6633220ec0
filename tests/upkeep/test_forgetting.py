# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from collections.abc import Sized
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.diary.entries import entries
from appliance.events import Service
from appliance.evidence import Shelf
from appliance.household import Forgetting, Household
from appliance.ledger import Ledger, forgotten, open_ledger
from appliance.ledger.rows import SPEECH, UPLOAD, VERDICT, WAKE
from appliance.limits import FORGET_AGAIN_S, FORGET_LATE_S
from appliance.settings import EvidenceSettings, Paths
from appliance.speakers.registry import Registry
from appliance.upkeep.forgetting import Forgetter, Keeper

ASKED = 2e9
EVERYTHING = Forgetting(since=0.0, until=ASKED, asked_at=ASKED)


@dataclass
class Kept:
    """All that a house keeps of its simulated morning."""

    paths: Paths
    household: Household
    registry: Registry
    ledger: Ledger

    def forgetter(self) -> Forgetter:
        """Return one that begins."""
        shelf = Shelf(self.paths.evidence, EvidenceSettings())
        return Forgetter(self.household, Keeper(self.paths.state, self.registry, shelf))


@pytest.fixture
def kept(lived: Path, tmp_path: Path) -> Kept:
    shutil.copytree(lived, tmp_path / "house")
    paths = Paths(state=tmp_path / "house" / "state")
    ledger = open_ledger(paths.ledger, service=Service.HUB, now=0.0)
    registry = Registry(paths.registry, 0.0)
    with closing(ledger.reader()) as reader:
        for entry in entries(reader):
            registry.answer(entry.key, entry.verdict.device or "02:00:00:00:00:01", "nobody", ASKED)
    return Kept(paths, Household(paths.household), registry, ledger)


def lefts(kept: Kept) -> list[int]:
    """Return how much there is of what is private."""
    with closing(kept.ledger.reader()) as reader:
        facts: list[Sized] = [reader.facts(UPLOAD), reader.facts(VERDICT), reader.facts(WAKE), reader.facts(SPEECH)]
    shelf = list(kept.paths.evidence.iterdir())
    return [*map(len, facts), len(shelf), len(kept.registry.inventory.answers)]


def test_everything_is_forgotten(kept: Kept) -> None:
    """Rows, captures, sounds beside them and answers are gone; so are copies, and what was set aside."""
    aside = kept.paths.ledger.with_name("ledger.sqlite.damaged-20260101T000000")
    copy = kept.paths.state / "backups" / "2026-01-01-000000.earwitness"
    copy.parent.mkdir()
    for each in (aside, copy):
        each.write_bytes(b"as it was")
    assert min(lefts(kept)) > 0
    kept.household.add("forgetting", EVERYTHING)
    forgetter = kept.forgetter()
    while forgetter.step(kept.ledger, 1, ASKED):
        pass
    assert lefts(kept) == [0] * 6
    assert not aside.exists()
    assert not copy.exists()
    with closing(kept.ledger.reader()) as reader:
        assert forgotten(reader) == [(0.0, ASKED)]


def test_what_is_written_late_is_forgotten_too(kept: Kept) -> None:
    """What was asked stays on the list until nothing more can come of that time, and is looked at again."""
    forgetter = kept.forgetter()
    kept.household.add("forgetting", EVERYTHING)
    while forgetter.step(kept.ledger, 1, ASKED):
        pass
    late = kept.paths.evidence / "20010909T014640Z-020000000001-0123456789abcdef.pcapng"
    late.write_bytes(b"")
    assert not forgetter.step(kept.ledger, 1, ASKED + 1)
    assert late.exists()
    assert not forgetter.step(kept.ledger, 1, ASKED + FORGET_AGAIN_S)
    assert not late.exists()
    assert EVERYTHING in kept.household.choices.forgetting
    assert not forgetter.step(kept.ledger, 1, ASKED + FORGET_LATE_S + FORGET_AGAIN_S)
    assert EVERYTHING not in kept.household.choices.forgetting


def test_whoever_dies_goes_on_afterwards(kept: Kept) -> None:
    """A forgetter that is made anew after each step ends with nothing left, as one that lives on does."""
    kept.household.add("forgetting", EVERYTHING)
    steps = 0
    while kept.forgetter().step(kept.ledger, 1, ASKED):
        kept.household = Household(kept.paths.household)
        steps += 1
    assert steps > 3
    assert lefts(kept) == [0] * 6


def test_two_stretches_do_not_wait_for_each_other(kept: Kept) -> None:
    """While one is looked at again in a while, the next one is done."""
    first = Forgetting(since=0.0, until=1.0, asked_at=ASKED)
    kept.household.add("forgetting", first)
    forgetter = kept.forgetter()
    assert not forgetter.step(kept.ledger, 1, ASKED)
    kept.household.add("forgetting", EVERYTHING)
    while forgetter.step(kept.ledger, 1, ASKED):
        pass
    assert lefts(kept) == [0] * 6


def test_other_days_stay(kept: Kept) -> None:
    """A stretch in which nothing happened takes nothing with it."""
    before = lefts(kept)
    kept.household.add("forgetting", Forgetting(since=5.0, until=86_405.0, asked_at=ASKED))
    assert not kept.forgetter().step(kept.ledger, 1, ASKED)
    assert lefts(kept) == before
