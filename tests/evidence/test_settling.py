# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.analysis import hear
from appliance.capture import parse
from appliance.events import Coverage, Ear, Service, Tell, Verdict, Wake
from appliance.evidence import Evidence, Shelf, evidence_key
from appliance.evidence.settling import Settling
from appliance.ledger import Fact, open_ledger
from appliance.ledger.reader import Reader
from appliance.limits import EVIDENCE_SETTLE_S
from tests.evidence.facts import KNOWN, MAC, UPLOAD, sent
from tests.evidence.kept import ALL, BOOT

VERDICT = Verdict(1006.0, "called", Tell.NOBODY, 0.9, MAC, UPLOAD, None, (), "1", final=True)
LATER = VERDICT.time + EVIDENCE_SETTLE_S
HEARD = Wake(999.0, "mic", "alexa", 0.9)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with the evidence of one upload."""
    evidence = Evidence(tmp_path / "evidence", ALL, lambda _device: KNOWN, boot=BOOT, simulated=True)
    evidence.watch([int(MAC.replace(":", ""), 16)])
    evidence.feed(parse(sent()))
    evidence.take([UPLOAD], 1010.0)
    evidence.close()
    return Shelf(tmp_path / "evidence", ALL)


def judged(folder: Path, *verdicts: Verdict) -> Reader:
    """Return a ledger in which an ear heard a wake word, and the hub gave verdicts."""
    path = folder / "ledger.sqlite"
    told: dict[Service, list[Fact]] = {
        Service.EARS: [HEARD, Coverage(900.0, 1100.0, "mic")],
        Service.HUB: list(verdicts),
    }
    for service, facts in told.items():
        ledger = open_ledger(path, service=service, now=0.0)
        ledger.write(ledger.begin(BOOT, 0.0), facts)
        ledger.close()
    return Reader(path)


def test_a_capture_is_settled_once_its_verdict_is_final(tmp_path: Path, shelf: Shelf) -> None:
    """Sounds lie beside it then, and if nobody is told it is benign; the next time there is nothing to do."""
    reader = judged(tmp_path, replace(VERDICT, final=False))
    assert Settling().step(shelf, reader, (), 1, LATER) == 0
    assert not shelf.kept()[0].heard
    reader = judged(tmp_path, VERDICT)
    assert Settling().step(shelf, reader, (Ear("mic", "kitchen"),), 1, LATER) == 1
    (kept,) = shelf.kept()
    assert (kept.benign, kept.heard, kept.key) == (True, True, evidence_key(BOOT, UPLOAD))
    (sounds,) = shelf.folder.glob("*.sounds.jsonl")
    heard = hear(sounds)
    assert HEARD in heard.sounds
    assert list(heard.furniture) == [Ear("mic", "kitchen")]
    assert heard.simulated
    assert Settling().step(shelf, reader, (), 1, LATER) == 0


def test_a_capture_waits_until_all_that_was_covered_is_told(tmp_path: Path, shelf: Shelf) -> None:
    """Ears write down late what they covered; of an earlier boot nothing more will come."""
    reader = judged(tmp_path, VERDICT)
    assert Settling().step(shelf, reader, (), 1, LATER - 1) == 0
    assert Settling().step(shelf, reader, (), 2, 0.0) == 1


def test_what_somebody_is_told_of_is_not_benign(tmp_path: Path, shelf: Shelf) -> None:
    """Evidence of an alert stays as long as the household wants."""
    assert (
        Settling().step(shelf, judged(tmp_path, replace(VERDICT, verdict="unheard", tell=Tell.NOTICE)), (), 1, LATER)
        == 1
    )
    assert not shelf.kept()[0].benign


def test_verdicts_on_other_uploads_settle_nothing(tmp_path: Path, shelf: Shelf) -> None:
    """Another start, or a wake word without an upload, is none of it."""
    other = replace(VERDICT, upload=replace(UPLOAD, started_at=990.0))
    silent = replace(VERDICT, verdict="silent_speaker", upload=None, wake=HEARD)
    assert Settling().step(shelf, judged(tmp_path, other, silent), (), 1, LATER) == 0


def test_a_file_that_is_none_is_passed_over(tmp_path: Path, shelf: Shelf) -> None:
    """What somebody wrote over a capture is left as it is."""
    shelf.kept()[0].path.write_bytes(b"hello")
    assert Settling().step(shelf, judged(tmp_path, VERDICT), (), 1, LATER) == 0


def test_news_are_read_as_they_come(tmp_path: Path, shelf: Shelf) -> None:
    """A final verdict that comes later counts, and so does one of a ledger that took the place of the old one."""
    silent = replace(VERDICT, verdict="silent_speaker", upload=None, wake=HEARD)
    settling, again = Settling(), replace(silent, wake=replace(HEARD, time=1000.0))
    assert settling.step(shelf, judged(tmp_path, silent, again), (), 1, LATER) == 0
    other = tmp_path / "other"
    other.mkdir()
    assert settling.step(shelf, judged(other, VERDICT), (), 1, LATER) == 1
    for path in shelf.folder.glob("*.sounds.jsonl"):
        path.unlink()
    assert settling.step(shelf, judged(other, silent), (), 1, LATER) == 1
