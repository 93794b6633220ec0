# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from appliance.analysis import Analysis, Heard, hear
from appliance.capture import open_capture, parse
from appliance.capture.frames import Packets
from appliance.events import Upload, Verdict
from appliance.evidence import Context, Evidence, Shelf, evidence_key, read_context
from appliance.flows.cut import record_headers
from appliance.limits import EVIDENCE_RECORDS, EVIDENCE_UPLOAD_S
from appliance.report.model import Report
from appliance.settings import EvidenceSettings
from tests.evidence.facts import KNOWN, UPLOAD, sent
from tests.evidence.kept import ALL, BOOT, RULES, collect, settled
from tests.played import packets_of

HOUR = 3600.0


class Collected(NamedTuple):
    """A capture's uploads, and the evidence of them."""

    uploads: Sequence[Upload]
    shelf: Shelf


def analysed(path: Path, heard: Heard | None = None) -> Report:
    analysis = Analysis(RULES, heard)
    analysis.read(path, path.name, lambda _position, _size: None)
    (report,) = analysis.reports()
    return report


def found_again(upload: Upload, shelf: Shelf, heard: Heard | None = None) -> tuple[Upload, Report]:
    """Analyse the evidence of an upload alone; return the upload that is found in it, and the report."""
    kept = shelf.find(evidence_key(BOOT, upload))
    assert kept is not None
    report = analysed(kept.path, heard)
    same = [each for each in report.uploads if each.flow == upload.flow]
    (again,) = [each for each in same if abs(each.started_at - upload.started_at) <= 0.05]
    return again, report


def context_in(shelf: Shelf, upload: Upload) -> Context:
    """Return what the evidence of an upload says of itself."""
    kept = shelf.find(evidence_key(BOOT, upload))
    assert kept is not None
    with open_capture(kept.path) as capture:
        context = read_context(capture.comments)
    assert context is not None
    return context


def essence(upload: Upload) -> tuple[object, ...]:
    """Return what must be the same of an upload when its evidence is analysed."""
    known = upload.flow, upload.host, upload.host_by, upload.speaker, upload.role
    return *known, upload.detectors, upload.signature, round(upload.known_at - upload.started_at, 3)


def verdict_on(upload: Upload, report: Report) -> Verdict:
    (verdict,) = (each for each in report.verdicts if each.upload is not None and each.upload.key == upload.key)
    return verdict


@pytest.fixture(scope="module")
def packets(played: Path) -> Packets:
    return packets_of(played / "capture.pcapng")


@pytest.fixture(scope="module")
def collected(packets: Packets, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("evidence")
    return Collected(collect(packets, folder), Shelf(folder, ALL))


def test_evidence_alone_leads_to_the_same_verdict(played: Path, packets: Packets, collected: Collected) -> None:
    """Each upload is found again in its evidence: its flow, start, name and proof, detectors, and the judge's word."""
    frames = parse(packets)
    speakers = [int(upload.flow.device.replace(":", ""), 16) for upload in collected.uploads]
    assert frames.payload[np.isin(frames.source, speakers)].max() > 9000  # offload merged some
    heard = hear(played / "sounds.jsonl")
    whole = analysed(played / "capture.pcapng", heard)
    assert len(collected.uploads) == len(whole.uploads) > 8
    for upload in collected.uploads:
        again, report = found_again(upload, collected.shelf, heard)
        assert essence(again) == essence(upload)
        before, now = verdict_on(upload, whole), verdict_on(again, report)
        assert (now.verdict, now.tell) == (before.verdict, before.tell)
        assert report.simulated


def test_evidence_holds_no_content(collected: Collected) -> None:
    """Behind the headers of frames there are no more bytes than those of record headers, all else is zero."""
    for kept in collected.shelf.kept():
        with open_capture(kept.path) as capture:
            (frames,) = (parse(batch) for batch in capture)
            assert capture.damage is None
        for at, present in zip(frames.payload_at.tolist(), frames.present.tolist(), strict=True):
            payload = frames.packets.buffer[at : at + present].tobytes()
            found = record_headers(payload, EVIDENCE_RECORDS)
            assert sum(map(bool, payload)) <= 5 * len(found)


def test_whole_frames_lead_to_the_very_same_upload(packets: Packets, tmp_path: Path) -> None:
    """Where the household keeps whole frames, the evidence gives the upload to the byte, if it is not capped."""
    shelf, whole = Shelf(tmp_path, ALL), 0
    for upload in collect(packets, tmp_path, EvidenceSettings(whole=True, free_mb=0)):
        again, _ = found_again(upload, shelf)
        assert essence(again) == essence(upload)
        if context_in(shelf, upload).upload.ended_at is not None:
            assert (again.bytes_up, again.signature) == (upload.bytes_up, upload.signature)
            whole += 1
    assert whole > 8


def test_times_are_those_of_the_wall(packets: Packets, tmp_path: Path) -> None:
    """Where the wall clock is not steady time, the file is an hour later, and says so."""
    uploads = collect(packets, tmp_path, offset=HOUR)
    shelf = Shelf(tmp_path, ALL)
    for upload in uploads:
        kept = shelf.find(evidence_key(BOOT, upload))
        assert kept is not None
        assert kept.time == int(upload.started_at + HOUR)
        context = context_in(shelf, upload)
        assert (context.boot, context.offset) == (BOOT, HOUR)
        again = [each for each in analysed(kept.path).uploads if each.flow == upload.flow]
        assert any(abs(each.started_at - HOUR - upload.started_at) <= 0.05 for each in again)


def test_real_uploads_are_found_again(shared: Path, tmp_path: Path) -> None:
    """Evidence of the uploads in public captures of real speakers gives the same uploads."""
    count = 0
    for number, path in enumerate(sorted((shared / "corpus").glob("echo-*/*.pcap"))):
        folder = tmp_path / str(number)
        for upload in collect(packets_of(path), folder):
            again, _ = found_again(upload, Shelf(folder, ALL))
            assert essence(again) == essence(upload)
            count += 1
    assert count >= 24


def test_a_long_upload_is_capped(tmp_path: Path) -> None:
    """What still runs after its time is written so far, once, and says that its end is not in the file."""
    evidence = evidence_of(tmp_path)
    announced = replace(UPLOAD, ended_at=None)
    evidence.take([announced], 1000.5)
    evidence.take([], 1000.0 + EVIDENCE_UPLOAD_S)
    assert evidence._open
    evidence.take([], 1001.0 + EVIDENCE_UPLOAD_S)
    evidence.take([replace(UPLOAD, time=9000.0, ended_at=8996.0)], 9000.0)
    evidence.take([], 9999.0)
    evidence.close()
    assert context_in(Shelf(tmp_path, ALL), UPLOAD).upload.ended_at is None
    assert evidence.written == 1


def test_what_is_collected_is_written_when_the_service_ends(tmp_path: Path) -> None:
    """An upload that is open when the service ends leaves evidence of what there was."""
    evidence = evidence_of(tmp_path)
    evidence.take([replace(UPLOAD, ended_at=None)], 1000.5)
    evidence.close()
    assert len(Shelf(tmp_path, ALL).kept()) == 1


def test_a_device_that_is_not_watched_leaves_no_evidence(tmp_path: Path) -> None:
    """An upload of a device that is not watched, of one without a MAC address, and one without frames, are counted."""
    evidence = evidence_of(tmp_path)
    evidence.take([replace(UPLOAD, started_at=5000.0, time=5005.0)], 5010.0)
    evidence.watch(())
    evidence.take([UPLOAD, replace(UPLOAD, flow=UPLOAD.flow._replace(device="192.168.1.20"))], 1010.0)
    evidence.close()
    assert evidence.counts["uploads without evidence"] == 3
    assert Shelf(tmp_path, ALL).kept() == []


def test_households_that_keep_nothing(tmp_path: Path) -> None:
    """Where evidence is switched off, nothing is kept in memory, and nothing written."""
    evidence = evidence_of(tmp_path, EvidenceSettings(keep=False))
    evidence.take([UPLOAD], 2000.0)
    evidence.close()
    assert (evidence._keep.size, evidence.written, evidence.missed, list(tmp_path.iterdir())) == (0, 0, 0, [])


def test_a_household_may_change_its_mind(tmp_path: Path) -> None:
    """From the moment nothing is to be kept nothing is, and from the moment it is, it is: of the same speakers."""
    evidence = evidence_of(tmp_path)
    none = ALL.model_copy(update={"keep": False})
    for number, settings in enumerate((none, ALL, none)):
        evidence.keep_by(settings)
        evidence.feed(parse(sent()))
        evidence.take([replace(UPLOAD, started_at=1000.0 + number)], 2000.0)
    evidence.close()
    assert (evidence.written, evidence.missed, evidence._keep.size) == (1, 0, 0)
    assert [kept.key for kept in Shelf(tmp_path, ALL).kept()] == [
        evidence_key(BOOT, replace(UPLOAD, started_at=1001.0))
    ]


def test_a_folder_that_fails_stops_nothing(tmp_path: Path) -> None:
    """What cannot be written is counted and told; when it can be again, the trouble is over."""
    folder = tmp_path / "evidence"
    evidence = evidence_of(folder)
    settled(evidence)
    folder.rmdir()
    evidence.take([UPLOAD], 2000.0)
    settled(evidence)
    assert evidence.counts["evidence that could not be written"] == 1
    assert "No such file" in evidence.problem
    folder.mkdir()
    evidence.take([replace(UPLOAD, started_at=1001.0)], 2000.0)
    evidence.close()
    assert (evidence.problem, evidence.written) == ("", 1)


def test_what_a_crash_left_unfinished_goes_at_the_next_start(tmp_path: Path) -> None:
    """A capture that was being written when the service was killed is gone, those that were whole stay."""
    whole = Shelf(tmp_path, ALL).add("0" * 16, UPLOAD.flow.device, 1000.0, b"x")
    whole.with_name(f"{whole.name}.new").write_bytes(b"half")
    evidence_of(tmp_path).close()
    assert list(tmp_path.iterdir()) == [whole]


def evidence_of(folder: Path, settings: EvidenceSettings = ALL) -> Evidence:
    evidence = Evidence(folder, settings, lambda _device: KNOWN, boot=BOOT)
    evidence.watch([int(UPLOAD.flow.device.replace(":", ""), 16)])
    evidence.feed(parse(sent()))
    return evidence
