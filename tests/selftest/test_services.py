# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.selftest.services import SelftestError, Trial

PATIENCE_S = 60.0


def test_a_service_that_does_not_start_is_told_with_its_words(tmp_path: Path) -> None:
    """Whoever reads the error knows which service it was, and what that said."""
    trial = Trial(tmp_path / "trial", capture={"placement": "replay", "file": str(tmp_path / "none.pcapng")})
    with trial.running(Service.CAPTURE) as capture, pytest.raises(SelftestError, match=r"capture .*none\.pcapng"):
        trial.wait({Service.CAPTURE: capture}, lambda: False, PATIENCE_S, "replaying")


def test_a_service_that_failed_is_told_with_its_words(tmp_path: Path) -> None:
    """A bad end is an error though nobody waited for it."""
    trial = Trial(tmp_path / "trial", capture={"placement": "nowhere"})
    with trial.running(Service.CAPTURE) as capture, pytest.raises(SelftestError, match=r"failed with 2: .*placement"):
        trial.finish(Service.CAPTURE, capture)


def test_patience_has_an_end(tmp_path: Path) -> None:
    """What does not come is an error that says what was waited for."""
    trial = Trial(tmp_path / "trial")
    with trial.running(Service.HUB) as hub, pytest.raises(SelftestError, match=r"judging took more than 0 s \(hub: "):
        trial.wait({Service.HUB: hub}, lambda: False, 0.0, "judging")


def test_services_end_with_those_who_started_them(tmp_path: Path) -> None:
    """However the trial ends, no process is left."""
    trial = Trial(tmp_path / "trial")
    with pytest.raises(KeyboardInterrupt), trial.running(Service.HUB) as hub:
        raise KeyboardInterrupt
    assert hub.returncode is not None
