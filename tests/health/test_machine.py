# SPDX-License-Identifier: GPL-2.0-or-later
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.clocks import this_boot
from appliance.health.machine import read, read_disk, read_machine
from appliance.health.reading import Machine
from appliance.settings import Paths
from appliance.speakers.inventory import Inventory
from appliance.status import alive, write_status
from tests.health.readings import capture


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write a sysfs of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def seen(sysfs: Path) -> Machine:
    return read_machine(sysfs, 0.0, synchronised=True, sysfs=sysfs)


def test_the_hottest_zone_counts(tmp_path: Path) -> None:
    """Of the thermal zones the hottest one that can be read is taken, in degrees."""
    zones = {f"class/thermal/thermal_zone{n}/temp": text for n, text in enumerate(["41500\n", "85123\n", "", "hot"])}
    assert seen(written(tmp_path, zones)).celsius == 85.123


@pytest.mark.parametrize(
    ("bits", "under_voltage", "throttled"), [("0", False, False), ("50005", True, True), ("50000", False, False)]
)
def test_the_firmware_of_a_pi(tmp_path: Path, bits: str, under_voltage: bool, throttled: bool) -> None:  # noqa: FBT001
    """What is so now counts; the bits that tell of the past do not."""
    sysfs = written(tmp_path, {"devices/platform/soc/soc:firmware/get_throttled": f"{bits}\n"})
    assert (seen(sysfs).under_voltage, seen(sysfs).throttled) == (under_voltage, throttled)


def test_the_voltage_monitor_of_a_pi(tmp_path: Path) -> None:
    """The monitor of that name tells of the voltage too, also of what just was; other monitors do not."""
    other = {"class/hwmon/hwmon0/name": "cpu_thermal\n", "class/hwmon/hwmon0/in0_lcrit_alarm": "1\n"}
    assert seen(written(tmp_path, other)).under_voltage is None
    mine = {"class/hwmon/hwmon1/name": "rpi_volt\n", "class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"}
    assert seen(written(tmp_path, mine)).under_voltage is True
    both = {"devices/platform/soc/soc:firmware/get_throttled": "4\n"}
    assert (seen(written(tmp_path, both)).under_voltage, seen(tmp_path).throttled) == (True, True)


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    """Without any of these files nothing is known, and nothing breaks."""
    machine = seen(tmp_path)
    assert (machine.celsius, machine.under_voltage, machine.throttled) == (None, None, None)


def test_the_disk(tmp_path: Path) -> None:
    """Free bytes and size are those of statvfs; a folder that is not there is on no disk."""
    disk = read_disk(tmp_path)
    assert disk is not None
    assert 0 < disk.free <= disk.size
    assert not disk.read_only
    assert read_disk(tmp_path / "nowhere") is None


def test_who_is_alive() -> None:
    """A process that runs is alive, one that was waited for is not, and numbers that none can have are nobody."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert alive(child.pid)
    child.communicate()
    assert not alive(child.pid)
    assert alive(os.getpid())
    assert alive(1)
    assert not any(alive(pid) for pid in (0, -1, 1 << 40))


def test_a_reading_of_everything(tmp_path: Path) -> None:
    """A reading has the time of this boot, the statuses that are there, and which of their processes live."""
    paths = Paths(state=tmp_path, run=tmp_path)
    boot = this_boot(tmp_path)
    nothing = read(paths, boot, Inventory())
    assert (nothing.capture, nothing.ears, nothing.machine.running) == (None, None, frozenset())
    write_status(tmp_path, capture(nothing.time, boot=boot.id, pid=os.getpid()))
    now = read(paths, boot, Inventory(), backlog=4)
    assert now.live is not None
    assert now.time >= now.live.time
    assert (now.machine.running, now.backlog) == (frozenset({os.getpid()}), 4)
    assert now.machine.disk is not None


def test_ports_that_a_bridge_keeps_shut(tmp_path: Path) -> None:
    """Only a port that is blocked counts; one without a cable is told of elsewhere."""
    states = {f"class/net/eth{number}/brport/state": f"{number}\n" for number in range(5)}
    assert seen(written(tmp_path, states)).shut == ("eth4",)


def test_ports_that_are_parted_by_their_bridge(tmp_path: Path) -> None:
    """Two of them make one loop: the second is told of."""
    states = {f"class/net/eth{number}/brport/isolated": f"{int(number > 0)}\n" for number in range(3)}
    assert seen(written(tmp_path, states)).shut == ("eth2",)
