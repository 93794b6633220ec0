# SPDX-License-Identifier: GPL-2.0-or-later
"""How the services run and end: without rights, and when they are asked, at once and with everything written."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.ledger.rows import COVERAGES, TRAFFIC, UPLOAD
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import House, until
from tests.e2e.minute import Minute, Playing, arrive_and_talk, minute, simulated, soon

SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
SOON_S = 2.0


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Minute:
    """Some seconds in which six speakers arrive and are called."""
    folder = tmp_path_factory.mktemp("play") / "play"
    return minute(simulated(folder, 24, arrive_and_talk))


def rights(pid: int) -> Iterator[dict[str, str]]:
    """Yield for each thread of a process what the kernel says of its rights."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (line.split(":\t") for line in (task / "status").read_text().splitlines())
        yield {name: value for name, value in lines if name in {*SETS, "NoNewPrivs"}}


def children(pid: int) -> list[int]:
    """Return the children of all threads of a process."""
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def test_no_rights_are_left(house: House, appliance: MakeAppliance, talking: Minute) -> None:
    """Neither the capture, nor the process that dissects for it, can do more than any user; nor get more."""
    ours = appliance(watch="everything")
    ours.start(Service.CAPTURE)
    pid = ours.running[Service.CAPTURE].pid
    begin = soon()
    playing = Playing(talking.moved(ours.steady(begin)), house.wires(), begin)
    child = until("the dissecting process", lambda: children(pid))
    none = dict.fromkeys(SETS, "0" * 16) | {"NoNewPrivs": "1"}
    assert [each for process in (pid, *child) for each in rights(process) if each != none] == []
    playing.stop()


def test_asked_to_end_they_end(house: House, appliance: MakeAppliance, talking: Minute) -> None:
    """Within two seconds of processor time at most, exit code 0, status stopped; what was seen by then is written."""
    ours = appliance(watch="everything")
    ours.start(Service.CAPTURE, Service.HUB)
    begin = soon()
    playing = Playing(talking.moved(ours.steady(begin)), house.wires(), begin)
    until(
        "an open upload",
        lambda: len(ours.facts(UPLOAD)) > 1 and any(u.ended_at is None for u in ours.facts(UPLOAD)[-1:]),
    )
    asked = [ours.steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME))]
    for service in (Service.CAPTURE, Service.HUB):
        assert ours.end(service)[0] == 0, ours.log(service)
        status = ours.status(service)
        assert status is not None
        assert status.state == "stopped"
        assert status.time - asked[-1] < SOON_S, ours.log(service)
        asked.append(ours.steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME)))
    playing.stop()
    announced = {upload.key for upload in ours.facts(UPLOAD)}
    assert announced == {upload.key for upload in ours.uploads()}
    assert sum(row.packets for row in ours.facts(TRAFFIC)) > 0
    assert ours.facts(COVERAGES[Service.CAPTURE])[-1].ended_at == pytest.approx(asked[0], abs=SOON_S)
