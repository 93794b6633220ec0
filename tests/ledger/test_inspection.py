# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.ledger import Ledger, LedgerError, inspect, open_ledger
from appliance.ledger.errors import suspect
from tests.ledger.facts import announced, completed


def filled(path: Path) -> None:
    """Write a ledger of some pages, and close it."""
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger:
        boot = ledger.begin("this-boot", 0.0)
        ledger.write(boot, [fact for at in range(500) for fact in (announced(at * 100.0), completed(at * 100.0))])


def test_a_sound_ledger_is_sound(services: dict[Service, Ledger], path: Path) -> None:
    """While services have it open, nothing is wrong with it, and nothing is marked."""
    services[Service.CAPTURE].write(services[Service.CAPTURE].begin("this-boot", 0.0), [announced(1.0)])
    assert inspect(path) == ""
    assert not suspect(path).exists()


def test_damage_is_found_and_mended(path: Path) -> None:
    """A page that was overwritten is told of; whoever opens the ledger next mends it."""
    filled(path)
    whole = path.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + bytes(4096) + whole[middle + 4096 :])
    try:
        said = inspect(path)
    except LedgerError as error:
        said = str(error)
    assert said
    assert suspect(path).exists()
    with closing(open_ledger(path, service=Service.HUB, now=0.0)) as ledger:
        assert "was damaged" in ledger.mended
    assert inspect(path) == ""


def test_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    """It is told of in words."""
    with pytest.raises(LedgerError, match="cannot be opened"):
        inspect(tmp_path / "ledger.sqlite")
