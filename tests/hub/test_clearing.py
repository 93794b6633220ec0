# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

import pytest

from appliance.clocks import Reading
from appliance.events import Correction, Coverage, Service
from appliance.evidence import Shelf
from appliance.household import Household, Privacy
from appliance.hub import clearing as clearings
from appliance.hub.clearing import Clearing, Reached
from appliance.ledger import HUB, Fact
from appliance.ledger.rows import UPLOAD
from appliance.settings import Paths, Settings
from tests.evidence.facts import MAC
from tests.ledger.facts import announced, completed, verdict
from tests.live.house import ledger_for

DAY, EPOCH = 86_400.0, 1_000_000_000.0
DAYS = 50


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(paths=Paths(state=tmp_path, run=tmp_path))


@pytest.fixture
def household(settings: Settings) -> Household:
    return Household(settings.paths.household)


@pytest.fixture
def clearing(settings: Settings, household: Household) -> Clearing:
    """A house with an upload an hour for fifty days, judged all, and a clock that is right."""
    hours = [hour * 3_600.0 for hour in range(24 * DAYS)]
    uploads: list[Fact] = [fact for at in hours for fact in (announced(at), completed(at))]
    with closing(ledger_for(settings, Service.CAPTURE)) as capture, closing(ledger_for(settings, Service.HUB)) as hub:
        boot = capture.begin("this-boot", 0.0)
        capture.write(boot, [Correction(0.0, EPOCH, synchronised=True), *uploads])
        hub.write(boot, [*(verdict(completed(at)) for at in hours), Coverage(0.0, DAYS * DAY, HUB)])
    now = Reading(int((EPOCH + DAYS * DAY) * 1e9), 0, synchronised=True)
    hours_reached = Reached(boot, DAYS * DAY)
    return Clearing(settings, household, lambda: ledger_for(settings, Service.HUB), lambda: hours_reached, lambda: now)


def oldest(settings: Settings) -> float:
    with closing(ledger_for(settings, Service.HUB)) as ledger, closing(ledger.reader()) as reader:
        return float(reader.facts(UPLOAD)[0][1].time)


def test_as_old_as_the_household_wants(clearing: Clearing, household: Household, settings: Settings) -> None:
    """Nothing goes that is young enough; once the household wants less, all of it that is too old goes at once."""
    assert clearing.facts() == "dropped 0 rows"
    household.change(privacy=Privacy(keep_days=3))
    assert clearing.facts() == f"dropped {3 * 24 * (DAYS - 3)} rows"
    assert oldest(settings) >= (DAYS - 3) * DAY


def test_what_is_too_much_for_one_time_goes_the_next(
    clearing: Clearing, household: Household, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends when its time is over, says so, and goes on where it stood."""
    household.change(privacy=Privacy(keep_days=3))
    monkeypatch.setattr(clearings, "CLEARING_S", 0.0)
    assert clearing.facts().endswith("the rest next time")
    times = 1
    while clearing.facts() != "dropped 0 rows":
        times += 1
    assert times > 1
    assert oldest(settings) >= (DAYS - 3) * DAY


def test_it_ends_with_the_hub(clearing: Clearing, household: Household, settings: Settings) -> None:
    """Asked to end it drops no more than the batch that it is at; the next hub goes on."""
    household.change(privacy=Privacy(keep_days=3))
    clearing.end()
    assert clearing.facts().endswith("the rest next time")
    assert oldest(settings) < (DAYS - 3) * DAY


def test_captures_go_when_they_are_too_old(clearing: Clearing, settings: Settings, household: Household) -> None:
    """By what the household chose, above what the settings say."""
    shelf = Shelf(settings.paths.evidence, settings.evidence.model_copy(update={"free_mb": 0}))
    settings.paths.evidence.mkdir()
    for number, age in enumerate((1, 20, 40)):
        shelf.add(f"{number:016x}", MAC, EPOCH + (DAYS - age) * DAY, b"x")
    assert clearing.captures() == "dropped 0 captures"
    household.change(privacy=Privacy(evidence_days=30))
    assert clearing.captures() == "dropped 1 captures"
    assert len(shelf.kept()) == 2


def test_no_clock_no_age(settings: Settings, household: Household) -> None:
    """A clock that nobody sets may be years ahead: by it no capture is old."""
    settings.paths.evidence.mkdir()
    shelf = Shelf(settings.paths.evidence, settings.evidence.model_copy(update={"free_mb": 0}))
    shelf.add("0" * 16, MAC, EPOCH, b"x")
    late = Reading(1 << 62, 0, synchronised=False)
    clearing = Clearing(
        settings, household, lambda: ledger_for(settings, Service.HUB), lambda: Reached(1, 0), lambda: late
    )
    assert "time server" in clearing.captures()
    assert len(shelf.kept()) == 1
