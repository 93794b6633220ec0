# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.capture import CaptureError
from appliance.diary.entries import Entry, entries
from appliance.diary.kept import kept
from appliance.events import Role
from appliance.evidence import Shelf
from appliance.evidence.rate import rate
from appliance.evidence.shelf import Kept
from appliance.ledger import Reader
from appliance.settings import EvidenceSettings, Paths


@pytest.fixture
def evidence(lived: Path) -> list[tuple[Entry, Kept]]:
    """Uploads of the simulated morning of which evidence is kept."""
    paths = Paths(state=lived / "state")
    shelf, reader = Shelf(paths.evidence, EvidenceSettings()), Reader(paths.ledger)
    found = [(each, kept(reader, shelf, each)) for each in entries(reader)]
    reader.close()
    return [(each, capture) for each, capture in found if capture and each.verdict.upload]


def test_the_curve_holds_what_the_upload_counted(evidence: list[tuple[Entry, Kept]]) -> None:
    """From its start to its end the bins add up to the bytes of the upload, less what its detector left out."""
    assert evidence
    for each, capture in evidence:
        upload = each.verdict.upload
        assert upload is not None
        if upload.role is not Role.VOICE or upload.ended_at is None:
            continue
        length = upload.ended_at - upload.started_at
        drawn = rate(capture.path, upload.flow, 0.0, length + 0.1)
        assert sum(drawn.up) == pytest.approx(upload.bytes_up, rel=0.1), upload


def test_before_the_upload_times_are_negative(evidence: list[tuple[Entry, Kept]]) -> None:
    """The curve begins as long before the upload as was asked, and has a bin for each tenth of a second."""
    each, capture = evidence[0]
    assert each.verdict.upload
    drawn = rate(capture.path, each.verdict.upload.flow, 5.0, 2.0)
    assert drawn.first == -5.0
    assert len(drawn.up) == len(drawn.down) == 70


def test_what_is_no_evidence_is_refused(played: Path, evidence: list[tuple[Entry, Kept]]) -> None:
    """Any other capture does not say where its upload begins."""
    upload = evidence[0][0].verdict.upload
    assert upload
    with pytest.raises(CaptureError):
        rate(played / "capture.pcapng", upload.flow, 1.0, 1.0)
