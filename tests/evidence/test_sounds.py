# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable
from pathlib import Path

import pytest

from appliance.analysis import hear
from appliance.events import CAPTURE, Correction, Coverage, Ear, Placement, Service, Speech, Wake
from appliance.evidence.sounds import sounds_around
from appliance.ledger import Fact, open_ledger
from appliance.ledger.reader import Reader

START, END = 10_000.0, 10_010.0
HEARD: list[Wake | Speech | Coverage] = [
    Wake(9_999.0, "mic", "alexa", 0.9),
    Wake(9_998.0, "mic", "echo", 0.3, near_miss=True),
    Speech(9_995.0, 9_999.5, "mic", -30.0),
    Coverage(9_500.0, 10_100.0, "mic"),
]
LOST = Coverage(10_001.0, 10_002.0, CAPTURE, 7)
FURNITURE = (Ear("mic", "kitchen"), Placement("74:c2:46:00:00:01", "kitchen", "Echo", ("alexa",)))


def ledger_of(path: Path, service: Service, facts: Iterable[Fact]) -> int:
    """Write facts to the ledger as a service would; return the boot's number."""
    ledger = open_ledger(path, service=service, now=0.0)
    boot = ledger.begin("boot", 0.0)
    ledger.write(boot, facts)
    ledger.close()
    return boot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    far: list[Fact] = [
        Wake(9_000.0, "mic", "alexa", 0.9),
        Wake(11_000.0, "mic", "alexa", 0.9),
        Coverage(9_000.0, 9_500.0, "mic"),
    ]
    ledger_of(path, Service.EARS, [*far, *HEARD])
    ledger_of(path, Service.CAPTURE, [LOST, Correction(0.0, 500.0, synchronised=True)])
    return path


def written(path: Path, lines: list[str]) -> Path:
    sounds = path.with_name("sounds.jsonl")
    sounds.write_text("".join(f"{line}\n" for line in lines))
    return sounds


def test_what_was_heard_around_an_upload_is_a_sounds_file(path: Path) -> None:
    """All that matters to the upload comes back when the file is read, and nothing from far before or after."""
    lines = sounds_around(Reader(path), 1, START, END, FURNITURE, 0.0)
    heard = hear(written(path, lines))
    assert list(heard.furniture) == list(FURNITURE)
    assert sorted(map(repr, heard.sounds)) == sorted(map(repr, [*HEARD, LOST]))
    assert not heard.simulated


def test_times_are_those_of_the_capture(path: Path) -> None:
    """By default times are the wall clock's as the ledger knows it; a capture made with another offset says so."""
    for offset, expected in ((None, 500.0), (42.0, 42.0)):
        heard = hear(written(path, sounds_around(Reader(path), 1, START, END, (), offset)))
        assert Wake(9_999.0 + expected, "mic", "alexa", 0.9) in heard.sounds


def test_a_simulated_household_stays_simulated(path: Path) -> None:
    """The note at the top says so, and everything that is made of the file will."""
    assert hear(written(path, sounds_around(Reader(path), 1, START, END, simulated=True))).simulated


def test_what_no_line_may_say_is_left_out(tmp_path: Path) -> None:
    """A row that cannot be right does not make the file unreadable."""
    path = tmp_path / "ledger.sqlite"
    ledger_of(path, Service.EARS, [Wake(9_999.0, "mic", "alexa", 7.5), *HEARD[:1]])
    assert list(hear(written(path, sounds_around(Reader(path), 1, START, END))).sounds) == HEARD[:1]
