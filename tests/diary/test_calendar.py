# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.diary.calendar import Calendar, shifted
from appliance.events import Correction, FlowKey, Proof, Role, Service, Speech, Tell, Upload, Verdict
from appliance.ledger import open_ledger

UPLOAD = Upload(
    time=12.0,
    flow=FlowKey("aa:bb:cc:dd:ee:ff", "tcp", 1, "192.0.2.1", 443),
    speaker=None,
    host=None,
    host_by=Proof.NONE,
    role=Role.VOICE,
    started_at=10.0,
    known_at=10.5,
    ended_at=None,
    bytes_up=1,
    bytes_down=1,
    detectors=(),
    signature=None,
    confidence=1.0,
)


def calendar(folder: Path, boots: dict[str, list[Correction]]) -> Calendar:
    """Return the clocks of a ledger in which each boot was corrected so."""
    with closing(open_ledger(folder / "ledger.sqlite", service=Service.CAPTURE, now=0.0)) as ledger:
        for name, corrections in boots.items():
            ledger.write(ledger.begin(name, 0.0), corrections)
        with closing(ledger.reader()) as reader:
            return Calendar(reader)


def test_a_clock_that_steps_has_stretches(tmp_path: Path) -> None:
    """Each stretch between two corrections has its own way to the wall; before the first, that of the first."""
    steps = [Correction(100.0, 1000.0, synchronised=True), Correction(200.0, 2000.0, synchronised=True)]
    found = calendar(tmp_path, {"one": steps})
    assert [found.wall(1, time).time for time in (50.0, 150.0, 250.0)] == [1050.0, 1150.0, 2250.0]
    assert [found.wall(1, time).synchronised for time in (50.0, 150.0)] == [False, True]
    assert [(each.since, each.until) for each in found.between(1150.0, 2300.0)] == [(150.0, 200.0), (200.0, 300.0)]


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory) -> Calendar:
    steps = [Correction(100.0, 1000.0, synchronised=True), Correction(200.0, 900.0, synchronised=True)]
    return calendar(tmp_path_factory.mktemp("stepped"), {"one": steps})


@given(st.floats(0, 400), st.floats(0, 5000), st.floats(0, 5000))
def test_a_time_is_between_its_neighbours(stepped: Calendar, steady: float, before: float, after: float) -> None:
    """Every moment lies in one stretch between a wall-clock time before its own and one after, though a clock steps."""
    time = stepped.wall(1, steady).time
    found = stepped.between(time - before - 1, time + after + 1)
    assert len([each for each in found if each.since <= steady < each.until]) == 1


def test_simulated_boots_are_known(tmp_path: Path) -> None:
    """A boot that a simulated capture was replayed in is told from one that was."""
    found = calendar(tmp_path, {"simulated-1": [], "replay-1": []})
    assert [found.simulated(boot) for boot in (1, 2)] == [True, False]


def test_facts_are_shifted_with_what_is_in_them() -> None:
    """All times of a fact are moved, those of the upload in a verdict too, and nothing else."""
    assert shifted(Speech(1.0, 2.0, "ear", -30.0), 10.0) == Speech(11.0, 12.0, "ear", -30.0)
    verdict = Verdict(13.0, "called", Tell.NOBODY, 1.0, None, UPLOAD, None, (), "1", final=False)
    moved = shifted(verdict, 100.0)
    assert moved.upload is not None
    assert (moved.time, moved.upload.started_at, moved.upload.known_at) == (113.0, 110.0, 110.5)
    assert (moved.upload.ended_at, moved.confidence) == (None, 1.0)
