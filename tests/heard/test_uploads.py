# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from pathlib import Path

from appliance.events import FlowKey, Proof, Role, Service, Upload
from appliance.heard.uploads import Uploads
from appliance.ledger import open_ledger
from appliance.limits import NEAR_MISS_S, UPLOADS_NEAR
from appliance.rules import load_rules

RULES = load_rules(None).verdicts
FLOW = FlowKey("aa:bb:cc:00:00:01", "tcp", 40_000, "198.51.100.7", 443)


def announced(start: float) -> Upload:
    about = ("amazon-echo", "voice.example", Proof.SNI, Role.VOICE, start, start + 0.9, None)
    return Upload(start + 0.9, FLOW, *about, 20_000, 0, ("cadence",), None, 0.9)


def test_the_time_around_each_upload(tmp_path: Path) -> None:
    """It is known as soon as the capture has written the upload, reaches to its end once that is known, and passes."""
    ledger = open_ledger(tmp_path / "ledger.sqlite", service=Service.CAPTURE, now=0.0)
    here, before = ledger.begin("here", 0.0), ledger.begin("before", 0.0)
    uploads = Uploads(ledger.reader(), here, RULES, 100.0)
    ledger.write(before, [announced(200.0)])
    ledger.write(here, [announced(50.0)])
    assert uploads.look(200.0) == []
    ledger.write(here, [announced(200.0)])
    assert uploads.look(201.0) == [(200.0 - RULES.called_before_s, 200.0 + RULES.settle_s)]
    ledger.write(here, [replace(announced(200.0), ended_at=230.0)])
    assert uploads.look(230.0) == [(200.0 - RULES.called_before_s, 230.0)]
    assert uploads.look(231.0 + NEAR_MISS_S) == []
    uploads.close()
    ledger.close()


def test_they_are_bounded(tmp_path: Path) -> None:
    """However many uploads there are, the newest are looked at."""
    ledger = open_ledger(tmp_path / "ledger.sqlite", service=Service.CAPTURE, now=0.0)
    boot = ledger.begin("here", 0.0)
    uploads = Uploads(ledger.reader(), boot, RULES, 0.0)
    ledger.write(boot, [announced(200.0 + at / 100) for at in range(2 * UPLOADS_NEAR)])
    around = uploads.look(202.0)
    assert len(around) == UPLOADS_NEAR
    assert around[-1][0] > around[0][0] > 200.0 - RULES.called_before_s
    uploads.close()
    ledger.close()
