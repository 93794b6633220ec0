# SPDX-License-Identifier: GPL-2.0-or-later
"""The name earwitness.local, by avahi itself: two machines on a wire, each with a system bus of its own."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from jeepney.io.blocking import open_dbus_connection

from appliance.limits import NAME_AGAIN_S, NAME_LOOK_S
from tests.e2e.neighbours import found_by_name
from tests.network import Namespace
from web.local_name import _SERVER, LocalName, _ask, leads_to, own_address

PATIENCE_S = 60.0
BUS = """<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><policy context="default">
<allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""
AVAHI = "[server]\nhost-name={name}\nuse-ipv6=no\n[publish]\npublish-workstation=no\n"


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


class Machine:
    """A machine with avahi, called ``name``, at one end of a wire."""

    def __init__(self, folder: Path, name: str) -> None:
        self.network = Namespace()
        self.stack = ExitStack()
        self.stack.callback(self.network.close)
        folder.mkdir()
        self.folder, self.name, self.bus = folder, name, f"unix:path={folder}/bus"
        (folder / "bus.xml").write_text(BUS.format(path=folder / "bus"))
        (folder / "avahi.conf").write_text(AVAHI.format(name=name))

    def begin(self, interface: str, address: str) -> None:
        """Give it an address, a router, its bus and avahi."""
        self.network.run("ip link set lo up")
        self.network.run(f"ip address replace {address}/24 dev {interface}")
        self.network.run(f"ip route add default via 192.168.88.254 dev {interface}")
        self._start("dbus-daemon", f"--config-file={self.folder}/bus.xml", "--nofork", "--nopidfile")
        until((self.folder / "bus").exists)
        self.begin_avahi()
        until(lambda: found_by_name(self.network, address, 1.0, f"{self.name}.local") == address)

    def begin_avahi(self) -> None:
        """Start avahi, which keeps what it writes of itself to itself."""
        inside = 'mount -t tmpfs none /run/avahi-daemon && exec avahi-daemon --no-drop-root --no-chroot -f "$1"'
        self.avahi = self._start("sh", "-c", inside, "sh", f"{self.folder}/avahi.conf")

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        begin = ["ip", "netns", "exec", self.network.name, "env", f"DBUS_SYSTEM_BUS_ADDRESS={self.bus}", *command]
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(begin, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        return process


@pytest.fixture
def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Machine, Machine]]:
    """This machine, called raspberrypi, and another of the home, which is called earwitness once it begins."""
    for program in ("avahi-daemon", "dbus-daemon"):
        if not shutil.which(program):
            pytest.skip(f"there is no {program} here: apt install avahi-daemon dbus")
    Path("/run/avahi-daemon").mkdir(exist_ok=True)
    with ExitStack() as stack:
        here, there = Machine(tmp_path / "here", "raspberrypi"), Machine(tmp_path / "there", "earwitness")
        stack.callback(here.stack.close)
        stack.callback(there.stack.close)
        here.network.wire("eth0", "eth1", there.network)
        there.network.run("ip address add 192.168.88.7/24 dev eth1")
        here.begin("eth0", "192.168.88.2")
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", here.bus)
        yield here, there


def asked(there: Machine) -> str | None:
    """Return whom another machine of the home finds by the name."""
    return found_by_name(there.network, "192.168.88.7", 1.0)


def test_the_name_leads_to_this_machine_wherever_it_moves(
    street: tuple[Machine, Machine], capfd: pytest.CaptureFixture[str]
) -> None:
    """It follows the address within a look, outlives avahi's own restarts, and is gone with who announced it."""
    here, there = street
    name = LocalName()

    def leads_to(address: str | None) -> bool:
        with here.network.inside():
            name.step()
        return asked(there) == address

    until(lambda: leads_to("192.168.88.2"))
    here.network.run("ip address add 192.168.88.3/24 dev eth0")
    here.network.run("ip route replace default via 192.168.88.254 dev eth0 src 192.168.88.3")
    until(lambda: leads_to("192.168.88.3"))
    here.avahi.terminate()
    here.avahi.wait(PATIENCE_S)
    until(lambda: leads_to(None))
    here.begin_avahi()
    until(lambda: leads_to("192.168.88.3"))
    here.network.run("ip route delete default")
    until(lambda: leads_to(None))
    said = capfd.readouterr().err
    assert "This machine is earwitness.local, too" in said
    assert "earwitness.local is not announced" in said
    name.close()


def test_it_is_never_taken_from_another(street: tuple[Machine, Machine], capfd: pytest.CaptureFixture[str]) -> None:
    """Where another machine has it already that is said once, the other keeps it, and it is long until the next try."""
    here, there = street
    there.begin("eth1", "192.168.88.7")
    name = LocalName(lambda: "192.168.88.2")
    until(lambda: name.step() == NAME_AGAIN_S)
    until(lambda: name.step() == NAME_AGAIN_S)
    assert found_by_name(here.network, "192.168.88.2", 2.0) == "192.168.88.7"
    assert capfd.readouterr().err == "<5>192.168.88.7 is earwitness.local in this home, so this machine is not\n"


def test_who_is_called_so_anyway_is_left_alone(
    street: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On the image avahi announces the name by itself, until it takes another: twice would be a conflict."""
    here, there = street
    there.begin("eth1", "192.168.88.7")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", there.bus)
    name = LocalName(lambda: "192.168.88.7")
    assert [name.step() for _ in range(3)] == [NAME_LOOK_S] * 3
    assert capfd.readouterr().err == ""
    with open_dbus_connection("SYSTEM") as bus:
        _ask(bus, _SERVER, "SetHostName", "s", ("earwitness-2",))

    def leads_there() -> bool:
        name.step()
        return found_by_name(here.network, "192.168.88.2", 1.0) == "192.168.88.7"

    until(leads_there)
    assert "This machine is earwitness.local, too" in capfd.readouterr().err
    name.close()


def test_without_avahi_it_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where there is no system bus it is said once, and tried again."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    name = LocalName(lambda: "192.168.88.2")
    assert [name.step() for _ in range(3)] == [NAME_LOOK_S] * 3
    assert capfd.readouterr().err.count("earwitness.local is not announced") == 1


def test_only_an_address_of_the_home_is_announced() -> None:
    """Without a way to a router there is none; an address of the internet is none of a home's."""
    network = Namespace()
    with network:
        network.run("ip link set lo up")
        with network.inside():
            assert own_address() is None
        for address, told in (("8.8.4.4", None), ("192.168.88.2", "192.168.88.2")):
            network.wire("eth0", "eth1")
            network.run(f"ip address add {address}/24 dev eth0")
            network.run("ip route add default dev eth0")
            with network.inside():
                assert own_address() == told
            network.run("ip link delete eth0")


def test_where_the_name_leads_is_known(street: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tells people of it asks first: nobody has it, or this machine, or another."""
    here, there = street
    assert leads_to() is None
    name = LocalName(lambda: "192.168.88.2")
    name.step()
    until(lambda: leads_to() == "192.168.88.2")
    name.close()
    until(lambda: leads_to() is None)
    there.begin("eth1", "192.168.88.7")
    until(lambda: leads_to() == "192.168.88.7")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={here.folder}/none")
    assert leads_to() is None
