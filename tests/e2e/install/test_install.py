# SPDX-License-Identifier: GPL-2.0-or-later
"""install.sh on whole machines without a network: what it does, does again, and undoes."""

import os
import subprocess
from pathlib import Path
from time import time

import pytest

from appliance import __version__
from tests.e2e.house import until
from tests.e2e.install import releases, roots
from tests.e2e.install.machine import EVERY, ITS_OWN, SELDOM, Backend, Machine
from tests.e2e.install.street import ROUTER

#: Those that run; ears do not where no microphone is set.
SERVICES = ("earwitness-capture", "earwitness-hub")
#: Where releases are in the machine: a folder that nobody can write to, with a space in its name.
STICK = "/media/a stick"
#: Tells what the capture watches.
CAPTURE = "cat /run/earwitness/capture.json"
#: What the household would miss.
DATA = ("/var/lib/earwitness", "/etc/earwitness")
#: Where the network's settings are, and what is noted of a change.
NETWORK = (
    *("/etc/systemd/network", "/etc/NetworkManager", "/etc/network", "/etc/sysctl.d", "/etc/udev", "/etc/hostapd"),
    *("/etc/earwitness/access-point.conf", "/var/lib/earwitness-install/network"),
    "/var/lib/earwitness-install/unconfirmed",
)
#: What dpkg, the system's own tables and its caches write anew for every change, to the same content or not.
WRITTEN_ANEW = (
    *ITS_OWN,
    *("etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-", "etc/.updated"),
    *("var/lib/dpkg/status-old", "var/lib/dpkg/status", "var/lib/dpkg/available", "media"),
)


def release_for(stick: Path, suite: str) -> Path:
    """Return the folder of this checkout's release for a suite's Python, made once."""
    folder = stick / suite
    found = list(folder.glob(f"earwitness-{__version__}-*/install.sh"))
    return found[0].parent if found else releases.bundle(folder, roots.SUITES[suite])


def plugged(suite: str, backend: Backend, stick: Path) -> Machine:
    """Return a machine that has the stick, and gets its Debian packages from there and nowhere else."""
    machine = Machine(suite, backend, binds={stick: STICK})
    sources = (
        f"rm -f /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:{STICK}/debian ./' > /etc/apt/sources.list"
    )
    machine.run(["sh", "-c", sources.replace(STICK, STICK.replace(" ", "%20"))])
    until("an address on eth0", lambda: machine.address("eth0"))
    return machine


def install(machine: Machine, release: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a release's install.sh, as somebody does who has no home folder and a strange umask."""
    script = f"{STICK}/{release.parent.name}/{release.name}/install.sh"
    return machine.ask(["env", "-u", "HOME", "sh", "-c", 'umask 077; exec sh "$@"', "sh", script, *arguments])


def processes(machine: Machine) -> list[str]:
    """Return the main process of each service."""
    return machine.run(["systemctl", "show", "-p", "MainPID", "--value", *SERVICES]).split()


def states_of(machine: Machine) -> list[str]:
    """Return how each service is."""
    return machine.run(["systemctl", "is-active", *SERVICES], check=False).split()


def run_well(machine: Machine) -> None:
    """Fail unless all services run, as soon as they are up, and nothing has failed."""
    until("the services to be up", lambda: "activating" not in states_of(machine), 60)
    states = states_of(machine)
    assert states == ["active"] * len(SERVICES), machine.journal("-u", "earwitness*")
    assert machine.failed() == "", machine.journal("-u", "earwitness*")


@pytest.mark.parametrize(("suite", "backend"), EVERY)
def test_from_nothing_to_a_watched_home_and_back(suite: str, backend: Backend, stick: Path) -> None:
    """Nothing comes from a network; a second time changes nothing; uninstalled, all is as before, but data."""
    release = release_for(stick, suite)
    with plugged(suite, backend, stick) as machine:
        clean = machine.files(WRITTEN_ANEW)
        said = install(machine, release, "--dry-run")
        assert (said.returncode, machine.files(WRITTEN_ANEW)) == (0, clean), said.stdout
        assert "would install Debian's packages: alsa-utils" in said.stdout
        refused_before_anything_was_changed(machine, release, clean)
        machine.run(["systemd-run", "--unit=other", "python3", "-m", "http.server", "8123"])
        said = install(machine, release)
        assert said.returncode == 0, said.stdout
        assert "listen on TCP port 8123 which nobody can reach any more" in said.stdout
        machine.run(["systemctl", "stop", "other"])
        run_well(machine)
        code = machine.run(["earwitness", "setup-code"]).strip()
        assert code in said.stdout
        assert f"http://{machine.address('eth0')}" in said.stdout
        assert machine.run(["stat", "-c", "%a", "/opt/earwitness/current/bin/earwitness"]).strip() == "755"
        before, running = machine.files(WRITTEN_ANEW), processes(machine)
        said = install(machine, release)
        assert said.returncode == 0, said.stdout
        assert "nothing had to be changed" in said.stdout
        assert processes(machine) == running
        changed = dict(machine.files(WRITTEN_ANEW).items() ^ before.items())
        assert [path for path in changed if not path.startswith(DATA)] == []
        machine.reboot()
        run_well(machine)
        said = install(machine, release, "--uninstall")
        assert said.returncode == 0, said.stdout
        left = dict(machine.files(WRITTEN_ANEW).items() ^ clean.items())
        kept = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/var/lib/earwitness-install", *DATA)
        assert [path for path in left if not path.startswith(kept)] == []
        assert "/var/lib/earwitness/ledger/ledger.sqlite" in left
        said = install(machine, release, "--uninstall", "--purge")
        assert said.returncode == 0, said.stdout
        assert machine.files(WRITTEN_ANEW) == clean
        assert machine.ask(["dpkg-query", "-W", "alsa-utils"]).returncode
        assert machine.failed() == ""


def taken_away(machine: Machine, release: Path, clean: dict[str, str]) -> None:
    """Fail unless the machine is as it was before, once all is uninstalled, its place in the network too."""
    said = install(machine, release, "--uninstall", "--purge")
    assert said.returncode == 0, said.stdout
    until("an address on eth0 again", lambda: machine.address("eth0"))
    assert machine.files(WRITTEN_ANEW) == clean


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_placed_between_router_and_access_point_and_taken_away(suite: str, backend: Backend, stick: Path) -> None:
    """The bridge carries others' traffic from its first minute on; uninstalled, the network is as it was before."""
    release, bridge = release_for(stick, suite), ("--placement", "bridge", "--ports", "eth0,eth1")
    with plugged(suite, backend, stick) as machine:
        clean = machine.files(WRITTEN_ANEW)
        said = install(machine, release, *bridge)
        assert said.returncode == 0, said.stdout
        assert "sudo earwitness confirm-network" in said.stdout
        assert machine.street.reached()
        machine.run(["earwitness", "confirm-network"])
        machine.reboot()
        until("an address on br0", lambda: machine.address("br0"))
        assert machine.street.reached()
        run_well(machine)
        said = install(machine, release, *bridge)
        assert "nothing had to be changed" in said.stdout, said.stdout
        machine.run(["systemctl", "kill", "-s", "KILL", *SERVICES])
        assert machine.street.answers(ROUTER), "the bridge needs none of the services"
        taken_away(machine, release, clean)


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_placed_at_a_mirror_port_and_taken_away(suite: str, backend: Backend, stick: Path) -> None:
    """It listens at one port, silently, and is reached by the other; uninstalled, the network is as it was before."""
    release, mirror = release_for(stick, suite), ("--placement", "mirror", "--ports", "eth1")
    with plugged(suite, backend, stick) as machine:
        clean = machine.files(WRITTEN_ANEW)
        said = install(machine, release, *mirror)
        assert said.returncode == 0, said.stdout
        assert "sudo earwitness confirm-network" in said.stdout
        assert "does not sit between" not in said.stdout, "it is where it was wanted"
        machine.run(["earwitness", "confirm-network"])
        for _ in ("now", "after a restart"):
            until("both ports", lambda: machine.address("eth0") and " UP " in machine.run("ip -br link show eth1"))
            assert machine.run("ip -br address show eth1").split()[2:] == []
            until("the capture to watch it", lambda: '"interface":"eth1"' in machine.run(CAPTURE, check=False))
            run_well(machine)
            machine.reboot()
        assert "nothing had to be changed" in install(machine, release, *mirror).stdout
        taken_away(machine, release, clean)


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_without_a_radio_there_is_no_access_point(suite: str, backend: Backend, stick: Path) -> None:
    """What is missing is said in plain words; all but that is installed, and the network is as it was."""
    release, wifi = release_for(stick, suite), ("--placement", "access-point", "--ssid", "Kitchen", "--country", "DE")
    word = ("--passphrase-file", "/root/word")
    with plugged(suite, backend, stick) as machine:
        machine.run("tee /root/word", stdin="long enough\n")
        clean = machine.files(WRITTEN_ANEW)
        for incomplete in (wifi[:4] + word, wifi[:2] + wifi[4:] + word, wifi):
            said = install(machine, release, *incomplete)
            assert (said.returncode, machine.files(WRITTEN_ANEW)) == (2, clean), said.stdout
        machine.run("ip link add wlan0 type veth peer name other")
        reached = f"http://{machine.address('eth0')}"
        for more, why in (
            ((), "a radio, a Wi-Fi adapter, beside its cable: there is none here"),
            (("--ports", "eth0,wlan0"), "there is none among eth0 and wlan0"),
            (("--ports", "eth0,wlan1"), "there is no interface wlan1"),
        ):
            said = install(machine, release, *wifi, *word, *more)
            assert (said.returncode, why in said.stdout) == (1, True), said.stdout
            assert "the network was left as it was; everything else is installed" in said.stdout
            assert reached in said.stdout or "nothing had to be changed" in said.stdout
            run_well(machine)
            changed = dict(machine.files(WRITTEN_ANEW).items() ^ clean.items())
            assert [path for path in changed if path.startswith(NETWORK)] == []
        said = install(machine, release, "--uninstall", "--purge")
        assert (said.returncode, machine.files(WRITTEN_ANEW)) == (0, clean), said.stdout


def refused_before_anything_was_changed(machine: Machine, release: Path, clean: dict[str, str]) -> None:
    """Fail unless a wrong clock, a full disk and packages that cannot be had are named, and change nothing."""
    future = releases.another(release, "8.0.0", made=int(time()) + 86_400)
    sources = "/etc/apt/sources.list"
    for before, tried, reason, after in (
        ("true", future, "the clock says", "true"),
        (
            "mount -t tmpfs -o size=100m none /opt",
            release,
            "MB are needed on the disk of /opt/earwitness",
            "umount /opt",
        ),
        (
            f"mv {sources} /tmp/; touch {sources}",
            release,
            "packages were not installed",
            f"mv /tmp/sources.list {sources}",
        ),
    ):
        machine.run(["sh", "-c", before])
        said = install(machine, tried)
        machine.run(["sh", "-c", after])
        assert (said.returncode, reason in said.stdout) == (1, True), said.stdout
        left = dict(machine.files(WRITTEN_ANEW).items() ^ clean.items())
        assert [path for path in left if not path.startswith("/var/lib/earwitness-install")] == []


@pytest.mark.skipif(not os.environ.get("EARWITNESS_SLOW"), reason="long: only where EARWITNESS_SLOW=1 is set")
def test_the_same_sources_make_the_same_bundle(tmp_path: Path) -> None:
    """Whoever has the sources can check a bundle, byte for byte."""
    made = [releases.bundle(tmp_path / name, "3.13") for name in ("one", "two")]
    first, second = ((folder.parent / f"{folder.name}.tar").read_bytes() for folder in made)
    assert first == second
