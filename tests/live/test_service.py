# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.analysis import Analysis, hear
from appliance.events import CAPTURE, Coverage, ExposureKind, Role, Service, Tell, Traffic
from appliance.evidence import Shelf, evidence_key
from appliance.household import Evidence as Choice
from appliance.household import Household, Privacy
from appliance.ledger import unfinished
from appliance.ledger.rows import CLOCK, COVERAGES, DEVICE, EXPOSURE, NAME, TRAFFIC, UPLOAD, VERDICT, F, Table
from appliance.settings import Settings
from appliance.status import CaptureStatus, read_status
from tests.live.house import RULES, capturing, judging, kill, ledger_for, replaying


@pytest.fixture
def settings(played: Path, tmp_path: Path) -> Settings:
    return replaying(tmp_path, played / "capture.pcapng", played / "sounds.jsonl")


def stored(settings: Settings, table: Table[F]) -> list[F]:
    with closing(ledger_for(settings, Service.HUB)) as ledger, closing(ledger.reader()) as reader:
        return [fact for _, fact in reader.facts(table)]


def status(settings: Settings) -> CaptureStatus:
    found = read_status(settings.paths.run, CAPTURE, CaptureStatus)
    assert found is not None
    return found


def test_what_is_seen_is_in_the_ledger_at_the_end(settings: Settings) -> None:
    """Every upload is announced and completed, coverage leaves no gap, and devices, names and traffic are there."""
    capture = capturing(settings)
    while capture.step():
        pass
    capture.close()
    uploads = stored(settings, UPLOAD)
    announced = {upload.key for upload in uploads if upload.ended_at is None}
    assert announced == {upload.key for upload in uploads if upload.ended_at is not None}
    assert len(announced) > 10
    stretches = sorted(stored(settings, COVERAGES[Service.CAPTURE]), key=lambda stretch: stretch.time)
    whole = [stretch for stretch in stretches if not stretch.lost]
    assert all(after.time <= before.ended_at for before, after in pairwise(whole))
    assert status(settings).covered_until == pytest.approx(whole[-1].ended_at)
    assert sum(device.speaker is not None for device in stored(settings, DEVICE)) >= 3
    assert stored(settings, NAME)
    assert {row.role for row in stored(settings, TRAFFIC)} > {"voice"}
    assert status(settings).state == "stopped"


def test_what_speakers_let_others_read_is_told_once(settings: Settings) -> None:
    """Of speakers alone, one row for each thing, however many flows show it."""
    capture = capturing(settings)
    while capture.step():
        pass
    capture.close()
    found, speakers = stored(settings, EXPOSURE), {each.device for each in stored(settings, DEVICE) if each.speaker}
    assert {each.device for each in found} == speakers
    assert {each.kind for each in found} >= {ExposureKind.TLS, ExposureKind.DNS}
    assert len({(each.device, each.kind, each.value) for each in found}) == len(found)


def test_a_flood_of_counters_turns_nothing_else_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """When more waits to be written than there is room for, it is counters that are dropped, and not coverage."""
    capture = capturing(settings)
    for _ in range(20):
        capture.step()
    flood = [Traffic(0.0, f"02:00:00:00:00:{minute:02x}", Role.UNKNOWN, 1, 1, 1) for minute in range(100)]
    capture._capture._later[:0] = flood
    monkeypatch.setattr("appliance.outbox.FACTS_WAITING", 100)
    before = status(settings).covered_until
    capture.close()
    assert stored(settings, COVERAGES[Service.CAPTURE])[-1].ended_at >= before
    assert stored(settings, CLOCK)
    assert capture._capture._out.evicted > 0


def test_status_never_runs_ahead_of_the_ledger(settings: Settings) -> None:
    """Up to where the status says, every upload that became known is a row that others can read."""
    capture = capturing(settings)
    while capture.step():
        now = status(settings)
        if now.uploading:
            break
    known = [upload for upload in stored(settings, UPLOAD) if upload.ended_at is None]
    assert {upload.flow.device for upload in known} >= set(now.uploading)
    capture.close()


def test_after_a_crash_it_goes_on(settings: Settings) -> None:
    """A capture that was killed leaves no upload open for ever, and the time until the next one is told as lost."""
    killed = capturing(settings)
    while killed.step() and not status(settings).uploading:
        pass
    with closing(ledger_for(settings, Service.HUB)) as ledger, closing(ledger.reader()) as reader:
        open_ones = unfinished(reader)
    assert open_ones
    kill(killed)
    capturing(settings).close()
    uploads = stored(settings, UPLOAD)
    for _, upload in open_ones:
        ended = [one for one in uploads if one.key == upload.key and one.ended_at is not None]
        assert [one.ended_at for one in ended] == [upload.known_at]


def test_speakers_and_names_are_known_after_a_restart(settings: Settings) -> None:
    """What was recognised before is recognised from the first frame on."""
    first = capturing(settings)
    while first.step():
        pass
    first.close()
    again = capturing(settings)._capture
    known = {device.device: device.speaker for device in again.observer.speakers.devices()}
    found = {device.device: device.speaker for device in stored(settings, DEVICE) if device.speaker}
    assert found
    assert known == found
    again.close()


def test_gaps_of_a_replayed_capture_are_told(settings: Settings) -> None:
    """Where the sounds file says that the capture lost frames, the ledger says so too."""
    capture = capturing(settings)._capture
    capture.put([Coverage(10.0, 20.0, CAPTURE, 3), Coverage(20.0, 30.0, CAPTURE)])
    capture.close()
    assert [stretch.lost for stretch in stored(settings, COVERAGES[Service.CAPTURE]) if stretch.lost] == [3]


def test_evidence_leads_to_the_verdict_in_the_ledger(settings: Settings) -> None:
    """Uploads leave captures; with the sounds that the hub puts beside them, each alone gives the hub's verdict."""
    capture = capturing(settings)
    while capture.step():
        pass
    capture.close()
    with closing(judging(settings)) as hub:
        for _ in range(3):
            hub.step()
        hub._settle()
    shelf = Shelf(settings.paths.evidence, settings.evidence)
    judged = {each.upload.key: each for each in stored(settings, VERDICT) if each.upload and each.final}
    boot, heard = status(settings).boot, [kept for kept in shelf.kept() if kept.heard]
    assert len(shelf.kept()) > len(heard) > 5
    for kept in heard:
        analysis = Analysis(RULES, hear(kept.path.with_name(kept.path.name.split(".")[0] + ".sounds.jsonl")))
        analysis.read(kept.path, kept.path.name, lambda _position, _size: None)
        (report,) = analysis.reports()
        again = {verdict.upload.key: verdict for verdict in report.verdicts if verdict.upload}
        key = next(
            key for key, verdict in judged.items() if verdict.upload and evidence_key(boot, verdict.upload) == kept.key
        )
        assert (again[key].verdict, again[key].tell) == (judged[key].verdict, judged[key].tell)
        assert kept.benign == (again[key].tell is Tell.NOBODY)
        assert report.simulated


def test_what_the_household_chose_counts_more_than_the_file(settings: Settings) -> None:
    """A household that wants no captures kept has none, whatever the settings file says."""
    Household(settings.paths.household).change(privacy=Privacy(evidence=Choice.NONE))
    capture = capturing(settings)
    while capture.step():
        pass
    capture.close()
    assert stored(settings, UPLOAD)
    assert Shelf(settings.paths.evidence, settings.evidence).kept() == []
