# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
import time
from pathlib import Path

import pytest

from appliance.limits import WIRE_ROWS
from web.wire import Look, Looks, WireError


def ended(look: Look, within: float = 90.0) -> Look:
    """Wait until a look is done."""
    until = time.monotonic() + within
    while not look.done:
        assert time.monotonic() < until
        time.sleep(0.05)
    return look


@pytest.fixture
def capture(lived: Path) -> Path:
    """An evidence capture of the simulated morning."""
    return next((lived / "state/evidence").glob("*.pcapng"))


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_a_look_tells_how_far_it_is_and_ends(capture: Path) -> None:
    """It reads every packet of the capture, and meanwhile no other is begun."""
    looks = Looks()
    look = looks.begin(7, capture)
    if not look.done:
        with pytest.raises(WireError, match="Another"):
            looks.begin(8, capture)
    ended(look)
    assert looks.of(7) is look
    assert not look.stopped
    assert look.seen == look.packets > 0
    assert len(look.rows) == min(look.seen, WIRE_ROWS)


def test_without_tshark_it_says_how_to_get_it(capture: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the program is missing, a person reads what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WireError, match="apt install tshark"):
        Looks().begin(1, capture)


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_a_capture_that_is_gone_is_told(tmp_path: Path) -> None:
    """What was dropped from the shelf meanwhile cannot be read, and that is said."""
    with pytest.raises(WireError, match="cannot be read"):
        Looks().begin(1, tmp_path / "gone.pcapng")
