# SPDX-License-Identifier: GPL-2.0-or-later
"""Which doors of this machine are open: the command, and the rules themselves between two machines."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.commands.firewall import home_ports, ssh_ports
from appliance.settings import Settings
from tests.commands.running import earwitness
from tests.network import Namespace

SECONDS = 1.0  #: within which a neighbour answers; what is dropped never does


def test_what_the_settings_open() -> None:
    """The dashboard's doors as they are set, those of voice satellites, and what the household names."""
    assert home_ports(Settings()) == ({80, 443}, {5353})
    said = Settings.model_validate(
        {
            "web": {"port": 8080, "https": "off"},
            "ears": {"wyoming": [{"name": "hall", "host": "10.0.0.2"}]},
            "firewall": {"open": ["8123/tcp", "1900/udp"]},
        }
    )
    assert home_ports(said) == ({8080, 10_500, 8123}, {5353, 1900})
    assert home_ports(Settings.model_validate({"web": {"serve": False}})) == (set(), {5353})


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("", {22}),
        ("#Port 2200\n", {22}),
        ("Port 2200\nport 2201\nListenAddress [::1]:2202\nListenAddress 10.0.0.1:2203\n", {2200, 2201, 2202, 2203}),
        ("ListenAddress 10.0.0.1\nPort 99999\nPort zero\n", {22}),
    ],
)
def test_ssh_stays_as_it_was(tmp_path: Path, text: str, ports: set[int]) -> None:
    """Nobody who looks after the machine by ssh is locked out, wherever it listens."""
    (tmp_path / "sshd_config").write_text(text)
    assert ssh_ports(tmp_path) == ports
    (tmp_path / "sshd_config.d").mkdir()
    (tmp_path / "sshd_config.d" / "own.conf").write_bytes(b"\xff\nPort 222\n")
    assert ssh_ports(tmp_path) == ports - {22} | {222}


def test_settings_that_cannot_be_used_open_nothing_new(tmp_path: Path) -> None:
    """The rules as they were loaded stay."""
    broken = tmp_path / "earwitness.toml"
    broken.write_text('[firewall]\nopen = ["all/tcp"]\n')
    done = earwitness("firewall", "--settings", broken)
    assert done.exit_code == 2
    assert "is no port" in done.output


@pytest.fixture
def ours() -> Iterator[Namespace]:
    """A machine with the rules, with an address of the home, one that a provider gave, and one of the internet."""
    if not shutil.which("nft"):
        pytest.skip("nft is not here: it is the Debian package nftables")
    with Namespace() as machine:
        machine.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0")
        machine.run("ip link set lo up")
        yield machine


@pytest.fixture
def theirs(ours: Namespace) -> Iterator[Namespace]:
    """A neighbour with the same kinds of addresses."""
    with Namespace() as machine:
        machine.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0")
        ours.wire("eth0", "eth0", machine)
        for where, number in ((ours, 1), (machine, 2)):
            for network in ("192.168.7.%d/24", "203.0.113.%d/24"):
                where.run(f"ip address add {network % number} dev eth0")
            for network in ("2001:db8:7::%d/64", "fd00:7::%d/64"):
                where.run(f"ip address add {network % number} dev eth0 nodad")
        machine.run("ip address add 2001:db8:666::2/64 dev eth0 nodad")
        ours.run("ip route add 2001:db8:666::/64 via 2001:db8:7::2")
        machine.run("ip route add default via 2001:db8:7::1")
        yield machine


def load(machine: Namespace, root: Path, *more: str) -> None:
    """Load the rules, and then what the command says."""
    for text in ((root / "systemd" / "earwitness.nftables.conf").read_text(), *more):
        with machine.inside():
            subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True)


def knock(machine: Namespace, there: str, port: int, come_from: str) -> str:
    """Knock at a door: "open", "closed" if somebody says so, "silent" if nobody does."""
    with machine.inside():
        plug = socket.socket(socket.AF_INET6 if ":" in there else socket.AF_INET)
    with closing(plug):
        plug.settimeout(SECONDS)
        plug.bind((come_from, 0))
        try:
            plug.connect((there, port))
        except TimeoutError:
            return "silent"
        except ConnectionRefusedError:
            return "closed"
        return "open"


@pytest.fixture
def doors(ours: Namespace) -> Iterator[None]:
    """Somebody listens at ports 22, 80, 443 and 9000, at every address."""
    with ours.inside():
        plugs = [socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True) for port in PORTS]
    yield
    for plug in plugs:
        plug.close()


PORTS = (22, 80, 443, 9000)


@pytest.mark.usefixtures("doors")
def test_the_home_gets_in(ours: Namespace, theirs: Namespace, root: Path) -> None:
    """From private addresses the dashboard is open, and nothing else but ssh; whoever knocks elsewhere is told."""
    load(ours, root)
    for here, there in (("192.168.7.2", "192.168.7.1"), ("fd00:7::2", "fd00:7::1")):
        assert [knock(theirs, there, port, here) for port in PORTS] == ["open", "open", "open", "closed"]


@pytest.mark.usefixtures("doors")
def test_the_internet_does_not(ours: Namespace, theirs: Namespace, root: Path) -> None:
    """From other addresses only ssh answers, as it did before; the rest says nothing at all."""
    load(ours, root)
    assert [knock(theirs, "203.0.113.1", port, "203.0.113.2") for port in (22, 80)] == ["open", "silent"]
    assert knock(theirs, "2001:db8:7::1", 80, "2001:db8:666::2") == "silent"


@pytest.mark.usefixtures("doors")
def test_what_a_provider_gave_the_home_is_home(ours: Namespace, theirs: Namespace, root: Path) -> None:
    """Machines in a network in which this one has an address get in, once it has said anything from there."""
    load(ours, root)
    with ours.inside(), closing(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)) as plug:
        plug.bind(("2001:db8:7::1", 0))
        plug.sendto(b"anything", ("2001:db8:7::2", 9))
    assert knock(theirs, "2001:db8:7::1", 80, "2001:db8:7::2") == "open"
    assert knock(theirs, "2001:db8:7::1", 9000, "2001:db8:7::2") == "closed"


def test_the_settings_ports_take_their_place(ours: Namespace, theirs: Namespace, root: Path, tmp_path: Path) -> None:
    """What the command prints is put into the rules: other doors open, those that nobody needs close."""
    file = tmp_path / "earwitness.toml"
    file.write_text('[web]\nport = 9000\nhttps = "off"\n')
    load(ours, root, earwitness("firewall", "--settings", file).output)
    with ours.inside():
        plugs = [socket.create_server(("0.0.0.0", port)) for port in (80, 9000)]  # noqa: S104 - in a namespace
    assert [knock(theirs, "192.168.7.1", port, "192.168.7.2") for port in (80, 9000)] == ["closed", "open"]
    for plug in plugs:
        plug.close()


def test_it_leaves_nothing_behind(ours: Namespace, root: Path) -> None:
    """Loaded twice it is there once; rules of others stay."""
    ours.run("nft add table inet somebodys")
    load(ours, root)
    load(ours, root)
    assert ours.run("nft list tables").splitlines() == ["table inet somebodys", "table inet earwitness"]
    ours.run("nft delete table inet earwitness")
    assert ours.run("nft list ruleset").split() == ["table", "inet", "somebodys", "{", "}"]
