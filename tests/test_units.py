# SPDX-License-Identifier: GPL-2.0-or-later
"""The systemd units: what systemd itself says of them, and what each service may do."""

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "systemd"
SERVICES = sorted(path.name for path in FOLDER.glob("earwitness-*.service"))
UNITS = sorted(
    path.name for kind in ("service", "target", "path", "timer") for path in FOLDER.glob(f"earwitness[-.]*{kind}")
)
OURS = ("earwitness-capture.service", "earwitness-ears.service", "earwitness-hub.service")
INSTALLED = "/opt/earwitness/current/bin/earwitness"
#: The worst exposure that systemd-analyze may give, of 0 to 10; each version counts a little differently.
EXPOSED = 2.0
#: Root's hands, which an owner's password moves: they change the network and install packages, which is what exposure
#: counts. Nothing of theirs listens, and they run for seconds.
HANDS = {"earwitness-go-back.service": 10.0, "earwitness-place.service": 6.5, "earwitness-update.service": 10.0}


def analyze(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze; skip where it is not."""
    if not (program := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not here: it is part of the Debian package systemd")
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def lines(unit: str) -> list[str]:
    """Return a unit's lines, those that a backslash continues as one."""
    return (FOLDER / unit).read_text(encoding="utf-8").replace("\\\n", "").splitlines()


def values(unit: str, key: str) -> list[str]:
    """Return what a unit says of a key, each time it does."""
    return [line.partition("=")[2] for line in lines(unit) if line.startswith(f"{key}=")]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the units, whose programs are there."""
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        if unit != "earwitness.avahi.service":
            text = (FOLDER / unit).read_text(encoding="utf-8")
            (folder / unit).write_text(text.replace(INSTALLED, "/bin/true"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "earwitness.avahi.service"])
def test_systemd_understands_each_line(unit: str, there: Path) -> None:
    """Nothing is to complain of in a unit whose program is there, and whose fellows are."""
    instance = there / unit.replace("@.", "@hub.")
    checked = analyze("verify", "--man=no", instance, SYSTEMD_UNIT_PATH=f"{there}:")
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_has_the_least_rights(unit: str) -> None:
    """What runs for long, or hears anybody, is hardly exposed."""
    assert exposure(FOLDER / unit) <= HANDS.get(unit, EXPOSED)


def exposure(unit: Path) -> float:
    """Return what systemd says of a unit's exposure."""
    said = analyze("security", "--offline=yes", "--no-pager", unit).stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+) ", said)
    assert found, said
    return float(found[1])


@pytest.mark.parametrize("unit", OURS)
def test_what_a_unit_starts(unit: str) -> None:
    """It checks the settings first, starts the command of its name, and tells systemd how it is."""
    command = unit.removeprefix("earwitness-").removesuffix(".service")
    assert {
        f"ExecStartPre={INSTALLED} doctor --check",
        f"ExecStart={INSTALLED} {command}",
        "Type=notify",
        "WatchdogSec=30",
        "Restart=always",
        "Group=earwitness",
        "PartOf=earwitness.target",
        "WantedBy=earwitness.target",
    } <= set(lines(unit))


def test_each_service_is_a_user_of_its_own() -> None:
    """Who takes over one of them has not got the others; what they share, all of one group may read."""
    users = {unit: values(unit, "User") for unit in OURS}
    assert list(users.values()) == [["earwitness-capture"], ["earwitness-ears"], ["earwitness"]]
    made = (FOLDER / "earwitness.sysusers.conf").read_text()
    assert set(re.findall(r"^u (\S+)", made, re.MULTILINE)) == {user for (user,) in users.values()}
    assert set(re.findall(r"^m (\S+)\s+earwitness$", made, re.MULTILINE)) == {"earwitness-capture", "earwitness-ears"}
    assert {*values(OURS[0], "UMask"), *values(OURS[1], "UMask"), *values(OURS[2], "UMask")} == {"0007"}


def test_systemd_makes_the_users_and_the_folders(tmp_path: Path) -> None:
    """In an empty system there are three users afterwards, and their folders; nothing is complained of."""
    if not shutil.which("systemd-sysusers"):
        pytest.skip("systemd-sysusers is not here")
    (tmp_path / "etc").mkdir()
    for program, file in (("sysusers", []), ("tmpfiles", ["--create"])):
        conf = FOLDER / f"earwitness.{program}.conf"
        done = subprocess.run(
            [f"systemd-{program}", f"--root={tmp_path}", *file, conf], capture_output=True, text=True, check=False
        )
        complaints = [line for line in done.stderr.splitlines() if not line.startswith("Creating ")]
        assert (done.returncode, complaints) == (0, [])
    users = [line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    assert sorted(users) == ["earwitness", "earwitness-capture", "earwitness-ears"]
    assert (tmp_path / "var/lib/earwitness/ledger").stat().st_mode & 0o7777 == 0o2770


def test_what_each_service_may_write() -> None:
    """The accounts' folder is the hub's, as is the one in which root is asked for something."""
    folders = {unit: values(unit, "ReadWritePaths")[0].split() for unit in OURS}
    assert folders == {
        OURS[0]: ["/var/lib/earwitness/ledger", "/var/lib/earwitness/evidence", "/run/earwitness"],
        OURS[1]: ["/var/lib/earwitness/ledger", "/run/earwitness"],
        OURS[2]: ["/var/lib/earwitness", "/run/earwitness", "/run/earwitness-asked"],
    }
    text = (FOLDER / "earwitness.tmpfiles.conf").read_text()
    made = dict(re.findall(r"^d (\S+)\s+(\d+) earwitness earwitness", text, re.MULTILINE))
    assert {folder for unit in OURS for folder in folders[unit]} <= made.keys()
    shared = {"/var/lib/earwitness/ledger", "/var/lib/earwitness/evidence", "/run/earwitness"}
    assert {folder for folder, mode in made.items() if int(mode, 8) & 0o020} == shared
    assert all(int(mode, 8) & 0o007 == 0 for mode in made.values())


def test_only_the_capture_may_look_at_frames() -> None:
    """One for frames, one for low ports, one for the firewall, one to look into the hub's folder; no other."""
    capable = {unit: values(unit, "CapabilityBoundingSet") for unit in SERVICES if unit not in HANDS}
    assert capable == {
        "earwitness-again@.service": [""],
        "earwitness-alarm.service": [""],
        "earwitness-capture.service": ["CAP_NET_RAW"],
        "earwitness-confirm-network.service": ["CAP_DAC_OVERRIDE"],
        "earwitness-ears.service": [""],
        "earwitness-firewall.service": ["CAP_NET_ADMIN"],
        "earwitness-hub.service": ["CAP_NET_BIND_SERVICE"],
    }


@pytest.mark.parametrize("unit", OURS)
def test_a_loop_of_crashes_ends_in_an_alert(unit: str) -> None:
    """Who crashes again and again fails, is told of, and is tried again later; the hub, which tells, has another to."""
    name = unit.removeprefix("earwitness-").removesuffix(".service")
    (interval,), (burst,), (pause,) = (
        values(unit, key) for key in ("StartLimitIntervalSec", "StartLimitBurst", "RestartSec")
    )
    assert int(burst) * int(pause) * 5 < int(interval)  # a slow machine takes seconds to crash
    after = values(unit, "OnFailure")[0].split()
    assert after == [*(["earwitness-alarm.service"] if name == "hub" else []), f"earwitness-again@{name}.timer"]


@pytest.mark.parametrize("unit", OURS)
def test_memory_is_bounded(unit: str) -> None:
    """A leak ends the service that leaks, and not the machine."""
    (high,), (most,) = values(unit, "MemoryHigh"), values(unit, "MemoryMax")
    assert int(high.removesuffix("M")) < int(most.removesuffix("M")) <= 450


@pytest.mark.parametrize("name", ["confirm-network", "place", "update"])
def test_root_is_asked_by_the_hub_alone(name: str) -> None:
    """The file that is waited for lies where only the hub may write, and is gone afterwards, however it ended."""
    (asked,) = values(f"earwitness-{name}.path", "PathExists")
    assert Path(asked).parent == Path("/run/earwitness-asked")
    assert values(f"earwitness-{name}.service", "ExecStopPost")[0] == f"/bin/rm -f {asked}"


def test_all_that_lies_here_has_a_place() -> None:
    """What nobody puts anywhere would be missing on every machine."""
    places = [line.split()[0] for line in (FOLDER / "places").read_text().splitlines() if line[:1] not in {"#", ""}]
    assert [path.name for path in FOLDER.iterdir() if not any(fnmatch(path.name, place) for place in places)] == []


@pytest.mark.parametrize(("here", "told"), [("/bin/true", False), ("/bin/false", True), (None, False)])
def test_who_upgrades_python_is_told(here: str | None, told: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """After each change of packages apt sees whether the program still runs; where there is none it says nothing."""
    if not shutil.which("apt-config"):
        pytest.skip("apt-config is not here")
    if here:
        (tmp_path / "release/bin").mkdir(parents=True)
        (tmp_path / "release/bin/earwitness").symlink_to(here)
        (tmp_path / "current").symlink_to("release")
    dump = ["apt-config", "-c", str(FOLDER / "earwitness.apt.conf"), "dump", "--format", "%v%n", "DPkg::Post-Invoke"]
    hooks = subprocess.run(dump, capture_output=True, text=True, check=True).stdout.splitlines()
    (hook,) = (hook.replace("/opt/earwitness/", f"{tmp_path}/") for hook in hooks if "earwitness" in hook)
    done = subprocess.run(["sh", "-c", hook], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, "sudo ./install.sh" in done.stderr) == (0, "", told)


def test_the_name_in_the_network() -> None:
    """What is offered to those who look is the dashboard."""
    offered = ET.parse(FOLDER / "earwitness.avahi.service").getroot()  # noqa: S314 - ours
    assert [offered.findtext("service/type"), offered.findtext("service/port")] == ["_http._tcp", "80"]


def test_a_satellite_may_speak_to_its_home_alone(there: Path) -> None:
    """With the drop-in the ears have a network of private addresses, and nothing else changes."""
    unit, added = (
        there / "earwitness-ears.service",
        (FOLDER / "earwitness-ears-satellite.conf").read_text(encoding="utf-8"),
    )
    folder = there / "earwitness-ears.service.d"
    folder.mkdir()
    (folder / "satellite.conf").write_text(added, encoding="utf-8")
    checked = analyze("verify", "--man=no", unit, SYSTEMD_UNIT_PATH=f"{there}:")
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert exposure(unit) <= EXPOSED
    said = [line.partition("=")[0] for line in added.splitlines() if "=" in line and not line.startswith("#")]
    assert said == ["Wants", "After", "PrivateNetwork", "RestrictAddressFamilies", "IPAddressAllow"]
    shutil.rmtree(folder)
