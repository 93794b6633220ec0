# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.capture.bpf import everything
from appliance.capture.ring import Ring
from tests.capture.craft import pcap, records
from tests.capture.test_ring import received
from tests.conftest import ROOT
from tests.e2e.player import Wire, chunks, play
from tests.network import Namespace

HOUSE, WORLD = b"\x02\0\0\0\0\x05", b"\x02\0\0\0\0\x01"
MS = 1_000_000


@pytest.fixture
def net() -> Iterator[Namespace]:
    """A namespace with a wire on each side."""
    with Namespace() as net:
        net.wire("house", "left")
        net.wire("world", "right")
        yield net


@pytest.fixture
def rings(net: Namespace) -> Iterator[tuple[Ring, Ring]]:
    """What comes in on the left, and on the right."""
    with net.inside(), Ring(everything(1 << 16)) as left, Ring(everything(1 << 16)) as right:
        left.bind("left")
        right.bind("right")
        yield left, right


def frame(number: int, source: bytes, size: int = 0) -> bytes:
    return bytes(6) + source + b"\x88\xb5" + number.to_bytes(8) + bytes(size)


def written(folder: Path, frames: list[bytes], apart: int = MS) -> Path:
    """Write frames to a capture, some time apart."""
    path = folder / "played.pcap"
    path.write_bytes(pcap([(1_700_000_000_000_000_000 + n * apart, frame) for n, frame in enumerate(frames)]))
    return path


def test_each_frame_goes_by_its_wire(net: Namespace, rings: tuple[Ring, Ring], tmp_path: Path) -> None:
    """Frames of gateways come from the world, others from the house; each side's are in order, none is missing."""
    frames = [frame(n, WORLD if n % 7 == 3 else HOUSE, size=n % 1400) for n in range(5000)]
    with net.inside(), Wire("house") as house, Wire("world") as world:
        played = play(chunks(written(tmp_path, frames), [int.from_bytes(WORLD)]), [house, world])
    of_world = [frame for frame in frames if frame[6:12] == WORLD]
    of_house = [frame for frame in frames if frame[6:12] == HOUSE]
    assert received(rings[0], len(of_house)) == of_house
    assert received(rings[1], len(of_world)) == of_world
    assert (played.frames, played.bytes, played.refused) == (5000, sum(map(len, frames)), 0)


def test_it_keeps_time(net: Namespace, rings: tuple[Ring, Ring], tmp_path: Path) -> None:
    """No frame goes before it is due, and none later than the player says."""
    path = written(tmp_path, [frame(n, HOUSE) for n in range(50)], apart=20 * MS)
    with net.inside(), Wire("house") as house:
        ahead = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        played = play(chunks(path), [house], speed=10)
    times: list[int] = []
    while len(times) < 50:
        times += [moment - ahead - played.begin for moment, _ in records(rings[0].read())]
    for number, moment in enumerate(times):
        assert 2 * MS * number - MS <= moment <= 2 * MS * number + played.late * 1e9 + MS
    assert played.seconds >= 0.098


def test_it_begins_when_told(net: Namespace, rings: tuple[Ring, Ring], tmp_path: Path) -> None:
    """No frame goes before the moment that was given as the begin."""
    begin = time.clock_gettime_ns(time.CLOCK_BOOTTIME) + 100 * MS
    ahead = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    with net.inside(), Wire("house") as house:
        assert play(chunks(written(tmp_path, [frame(1, HOUSE)])), [house], 1, begin).begin == begin
    times: list[int] = []
    while not times:
        times += [moment - ahead for moment, _ in records(rings[0].read())]
    assert times[0] >= begin - MS


def test_a_frame_too_long_is_counted(net: Namespace, rings: tuple[Ring, Ring], tmp_path: Path) -> None:
    """What the interface refuses is left out and told; the rest is played."""
    path = written(tmp_path, [frame(1, HOUSE), frame(2, HOUSE, size=9000), frame(3, HOUSE)])
    with net.inside(), Wire("house") as house:
        played = play(chunks(path), [house])
    assert received(rings[0], 2) == [frame(1, HOUSE), frame(3, HOUSE)]
    assert (played.frames, played.refused) == (2, 1)


def test_a_wire_that_is_cut_is_an_error(net: Namespace, tmp_path: Path) -> None:
    """To play on an interface that is down raises."""
    with net.inside(), Wire("house") as house:
        net.run("ip link set house down")
        with pytest.raises(OSError, match="Network is down"):
            play(chunks(written(tmp_path, [frame(1, HOUSE)])), [house])


def test_only_ethernet_is_played(tmp_path: Path) -> None:
    """A capture of another link type is refused in words."""
    path = tmp_path / "raw.pcap"
    path.write_bytes(pcap([(0, b"E" * 20)], link=101))
    with pytest.raises(ValueError, match="link type 101"):
        play(chunks(path), [])


def test_from_the_command_line(net: Namespace, rings: tuple[Ring, Ring], tmp_path: Path) -> None:
    """As a program it plays again and again, and says what it did."""
    path = written(tmp_path, [frame(1, HOUSE), frame(2, WORLD)])
    options = [str(path), "house", "world", "--gateway", "02:00:00:00:00:01", "--loops", "3"]
    command = ["ip", "netns", "exec", net.name, sys.executable, "-m", "tests.e2e.player", *options]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.count("Played(frames=2") == 3
    assert received(rings[0], 3) == [frame(1, HOUSE)] * 3
    assert received(rings[1], 3) == [frame(2, WORLD)] * 3
