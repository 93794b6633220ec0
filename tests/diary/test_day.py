# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.analysis import Analysis, hear
from appliance.diary.day import days, tell
from appliance.events import Upload
from appliance.ledger import Reader
from appliance.report.headline import headline
from appliance.report.model import Report, together
from appliance.report.names import Names
from appliance.report.timeline import lay_out
from appliance.speakers.inventory import Inventory
from tests.live.house import RULES


def analysed(played: Path) -> Report:
    analysis = Analysis(RULES, hear(played / "sounds.jsonl"))
    analysis.read(played / "capture.pcapng", "played", lambda _done, _size: None)
    return together(list(analysis.reports()))


def span(reader: Reader) -> tuple[float, float]:
    watched = days(reader)
    assert watched is not None
    return watched


def keys(uploads: list[Upload]) -> list[tuple[object, float]]:
    return sorted((each.flow, round(each.started_at, 3)) for each in uploads)


def test_the_day_is_the_one_that_was_captured(reader: Reader, inventory: Inventory, played: Path) -> None:
    """Uploads, verdicts, sounds and the sentence above them are those of the capture file that was replayed."""
    start, end = span(reader)
    told, truth = tell(reader, inventory, start, end), analysed(played)
    assert keys(list(told.report.uploads)) == keys(list(truth.uploads))
    assert sorted(each.verdict for each in told.report.verdicts) == sorted(each.verdict for each in truth.verdicts)
    assert set(told.report.sounds) == {each for each in truth.sounds if start <= each.time < end}
    assert told.simulated
    assert told.judging == ()
    assert headline(told.report, Names(told.report)) == headline(truth, Names(truth))


def test_lanes_have_their_names(reader: Reader, inventory: Inventory) -> None:
    """Speakers are called as the household calls them, each in its room."""
    told = tell(reader, inventory, *span(reader))
    lanes = lay_out(told.report, Names(told.report)).windows[0].lanes
    assert {each.name for each in lanes} >= {each.owner.name for each in inventory.devices if each.owner.name}


def test_a_part_of_the_day(reader: Reader, inventory: Inventory) -> None:
    """Only what reaches into the stretch is told, what began before it too."""
    start, end = span(reader)
    whole = tell(reader, inventory, start, end).report
    running = max(whole.uploads, key=lambda upload: (upload.ended_at or 0.0) - upload.started_at)
    middle = (running.started_at + (running.ended_at or 0.0)) / 2
    part = tell(reader, inventory, middle, end).report
    assert running in part.uploads
    assert len(part.uploads) < len(whole.uploads)
    assert all(verdict.upload is None or verdict.upload.started_at >= middle for verdict in part.verdicts)


def test_before_anything_was_watched(reader: Reader, inventory: Inventory) -> None:
    """A day without facts is an empty report, not an error."""
    told = tell(reader, inventory, 0.0, 86_400.0)
    assert (told.entries, told.judging, list(told.report.uploads)) == ((), (), [])
    assert not told.simulated
