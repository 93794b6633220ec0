# SPDX-License-Identifier: GPL-2.0-or-later
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import LOOP_CALM_S
from appliance.placing.loops import Loops, probe
from tests.e2e.house import EARWITNESS, until
from tests.network import Namespace


@given(st.lists(st.tuples(st.floats(0, 20), st.sets(st.sampled_from(["a", "b"])))))
def test_a_port_is_parted_until_nothing_came_back_for_a_while(story: list[tuple[float, set[str]]]) -> None:
    """From the moment that a frame comes back, and until none did for LOOP_CALM_S; each port for itself."""
    loops, time, last = Loops(), 0.0, dict[str, float]()
    for pause, came_back in story:
        time += pause
        last |= dict.fromkeys(came_back, time)
        assert loops.feed(time, came_back) == {port for port, at in last.items() if time - at < LOOP_CALM_S}


@pytest.fixture
def sides() -> Iterator[tuple[Namespace, Namespace, Namespace]]:
    """A bridge br0 with port0 and port1, and two switches without spanning tree, one at each of its ports."""
    with ExitStack() as stack:
        ours, router, house = (stack.enter_context(Namespace()) for _ in range(3))
        ours.run("ip link add br0 type bridge forward_delay 0 mcast_snooping 0")
        ours.run("ip link set br0 up")
        for side, port in ((router, "port0"), (house, "port1")):
            side.run("ip link add switch type bridge forward_delay 0 mcast_snooping 0")
            side.run("ip link set switch up")
            side.wire("ours", port, ours)
            side.run("ip link set ours master switch")
            ours.run(f"ip link set {port} master br0")
        yield ours, router, house


def join(router: Namespace, house: Namespace) -> None:
    """Lay a second way between the two: a cable too many."""
    router.wire("loop", "loop", house)
    for side in (router, house):
        side.run("ip link set loop master switch")


def test_our_frame_comes_back_where_there_is_a_second_way(sides: tuple[Namespace, Namespace, Namespace]) -> None:
    """And does not where there is none."""
    ours, router, house = sides
    with ours.inside():
        assert probe(["port0", "port1"], os.urandom(16), 0.5) == set()
        ours.run("ip link set port1 nomaster")  # so that nothing goes round while we look
        join(router, house)
        assert probe(["port0", "port1"], os.urandom(16), 5.0) == {"port1"}
        assert probe(["port0", "missing", "port1"], os.urandom(16), 5.0) == {"port1"}
        assert probe(["missing", "port1"], os.urandom(16), 0.1) == set()


def test_the_ports_are_parted_while_there_is_a_loop(sides: tuple[Namespace, Namespace, Namespace]) -> None:
    """A cable too many parts them within seconds, and both links stay up; once it is pulled they are joined again."""
    ours, router, house = sides
    inside = ["ip", "netns", "exec", ours.name, str(EARWITNESS), "watch-loops", "br0", "port0", "port1"]
    with subprocess.Popen(inside, stderr=subprocess.PIPE, text=True) as process:
        try:
            join(router, house)
            until("the ports to be parted", lambda: parted(ours) == "1 1")
            assert "state UP" in ours.run("ip link show port1")
            router.run("ip link delete loop")
            until("the ports to be joined", lambda: parted(ours) == "0 0")
        finally:
            process.terminate()
            said = process.stderr.read() if process.stderr else ""
    assert said.count("port1 is isolated: cables make a loop.") == 1
    assert said.count("port1 is open again.") == 1


def parted(ours: Namespace) -> str:
    return " ".join(ours.run(f"cat /sys/class/net/{port}/brport/isolated").strip() for port in ("port0", "port1"))
