# SPDX-License-Identifier: GPL-2.0-or-later
import ctypes
import fcntl
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from struct import pack

import pytest

from appliance.capture.bpf import everything
from appliance.capture.port import Port
from appliance.capture.state import State
from appliance.limits import FRAME_BYTES
from tests.capture.test_ring import received
from tests.conftest import ROOT
from tests.network import Namespace

ALL = everything(FRAME_BYTES)
SIOCETHTOOL, SET_GRO = 0x8946, 0x2C
FRAME = bytes(12) + b"\x88\xb5" + bytes(100)


@pytest.fixture
def net() -> Iterator[Namespace]:
    """A namespace without anything."""
    with Namespace() as net:
        yield net


@pytest.fixture
def port(net: Namespace) -> Iterator[Port]:
    with net.inside():
        port = Port("near", ALL)
    with port:
        yield port


def seen(net: Namespace, port: Port) -> int:
    """Send a frame to the port; return how many it has."""
    net.until("ip -br link show far", " UP ")
    with net.plug("far") as far:
        far.send(FRAME)
    return len(received(port.ring, 1))


def changed(port: Port, *last: str) -> dict[str, tuple[int, int]]:
    """Look until something changed, and these things at last; the kernel tells of a carrier when it has time."""
    told: dict[str, tuple[int, int]] = {}
    end = time.monotonic() + 5
    while not (told and told.keys() >= set(last)) and time.monotonic() < end:
        told |= {change.what: (change.before, change.now) for change in port.look()}
    return told


def test_an_interface_that_comes_later(net: Namespace, port: Port) -> None:
    """A port without an interface waits for it, tells what it is like, and then hears it."""
    assert port.look() == []
    assert port.state == State()
    net.wire("far", "near")
    told = changed(port)
    assert told["up"] == (False, True)
    assert told["carrier"] == (False, True)
    assert told["mtu"] == (0, 1500)
    assert port.state.index == told["index"][1] > 0
    assert port.look() == []
    assert seen(net, port) == 1


def test_an_interface_that_goes_and_comes_back(net: Namespace, port: Port) -> None:
    """When another interface of the name is there, its frames come; what was read before is not read again."""
    net.wire("far", "near")
    port.look()
    first = port.state.index
    assert seen(net, port) == 1
    net.run("ip link del near")
    port.ring.read()
    assert select.select([port.ring], [], [], 0)[0] == []
    assert changed(port)["index"] == (first, 0)
    assert port.look() == []
    net.wire("another", "wire")
    net.wire("far", "near")
    assert changed(port)["index"][1] not in {0, first}
    assert seen(net, port) == 1


def test_an_interface_that_was_away_between_two_looks(net: Namespace, port: Port) -> None:
    """Also one that comes back with the same number, or under another name's place, is heard again."""
    net.wire("far", "near")
    port.look()
    index = port.state.index
    net.run("ip link del near")
    net.run(f"ip link add near index {index} type veth peer name far")
    net.run("ip link set far up")
    net.run("ip link set near up")
    port.look()
    assert port.state.index == index
    assert seen(net, port) == 1
    net.run("ip link set near down")
    net.run("ip link set near name away")
    net.run("ip link set far down")
    net.run("ip link set far name old")
    net.wire("far", "near")
    port.look()
    assert seen(net, port) == 1


def test_what_changes_is_told(net: Namespace, port: Port) -> None:
    """Carrier, MTU, offload, and whether it is up."""
    net.wire("far", "near")
    port.look()
    net.run("ip link set far down")
    assert changed(port, "carrier") == {"carrier": (True, False)}
    net.run("ip link set far up")
    net.run("ip link set near mtu 9000")
    assert changed(port, "carrier", "mtu") == {"carrier": (False, True), "mtu": (1500, 9000)}
    net.run("ip link set near down")
    assert changed(port, "up", "carrier") == {"up": (True, False), "carrier": (True, False)}
    net.run("ip link set near up")
    port.look()
    assert seen(net, port) == 1


def test_offload_that_merges_frames_is_told(net: Namespace, port: Port) -> None:
    """Whether the driver merges frames is asked of it, as ethtool does."""
    net.wire("far", "near")
    port.look()
    for now in (1, 0):
        value = ctypes.create_string_buffer(pack("II", SET_GRO, now))
        with net.plug("near") as plug:
            fcntl.ioctl(plug, SIOCETHTOOL, pack("16sP16x", b"near", ctypes.addressof(value)))
        assert changed(port) == {"merges": (not now, now)}


def test_what_a_bridge_forwards_is_seen_once(net: Namespace) -> None:
    """Each frame is seen by the port that it came in by, and by no other, and it gets to where it should."""
    net.run("ip link add br0 type bridge")
    net.run("ip link set br0 up")
    for outside, inside in (("house", "left"), ("world", "right")):
        net.wire(outside, inside)
        net.run(f"ip link set {inside} master br0")
    up = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x05\x88\xb5" + b"up" * 50
    down = b"\x02\0\0\0\0\x05\x02\0\0\0\0\x01\x88\xb5" + b"down" * 50
    with net.inside(), Port("left", ALL) as left, Port("right", ALL) as right:
        left.look()
        right.look()
        with net.plug("house") as house, net.plug("world") as world:
            house.settimeout(5)
            world.settimeout(5)
            house.send(up)
            assert world.recv(2000) == up
            world.send(down)
            assert house.recv(2000) == down
        assert received(left.ring, 1) == [up]
        assert received(right.ring, 1) == [down]


def test_a_mirror_stays_promiscuous(net: Namespace) -> None:
    """An interface that came back is promiscuous again."""
    with net.inside():
        port = Port("near", ALL, promiscuous=True)
    with port:
        for _ in range(2):
            net.wire("far", "near")
            port.look()
            assert "promiscuity 1" in net.run("ip -d link show near")
            net.run("ip link del near")


def test_no_interface_has_so_long_a_name(net: Namespace) -> None:
    """A name that no interface can have is no other interface's."""
    net.wire("abcdefghijklmno", "far")
    with net.inside(), Port("abcdefghijklmnop", ALL) as port:
        assert port.look() == []


def test_it_needs_no_right_afterwards(net: Namespace) -> None:
    """Without any capability a port changes its filter, reads, and rebinds to an interface that came back."""
    code = """
import select, sys
from appliance.capture.bpf import everything
from appliance.capture.port import Port
from appliance.capture.privileges import drop_capabilities

port = Port("near", everything(64), promiscuous=True)
port.look()
drop_capabilities()
for line in sys.stdin:
    port.look()
    port.ring.filter(everything(50))
    print("looked", flush=True)
    lengths = []
    while not lengths:
        select.select([port.ring], [], [], 5)
        lengths = port.ring.read().captured.tolist()
    print(lengths, port.ring.drops().seen, flush=True)
"""
    net.wire("far", "near")
    command = ["ip", "netns", "exec", net.name, "env", "OPENBLAS_NUM_THREADS=1", sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdin
        assert service.stdout
        for _ in range(2):
            service.stdin.write("\n")
            service.stdin.flush()
            assert service.stdout.readline() == "looked\n"
            with net.plug("far") as far:
                far.send(FRAME)
            assert service.stdout.readline() == "[50] 1\n"
            net.run("ip link del near")
            net.wire("far", "near")
        service.stdin.close()
    assert service.returncode == 0
