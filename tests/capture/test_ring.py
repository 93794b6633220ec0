# SPDX-License-Identifier: GPL-2.0-or-later
import select
import socket
import time
from collections.abc import Iterator
from struct import pack
from threading import Thread

import numpy as np
import pytest
from scapy.layers.l2 import Dot1Q, Ether
from scapy.packet import Raw

from appliance.capture import parse
from appliance.capture.assembler import Program
from appliance.capture.bpf import Watched, everything, house
from appliance.capture.ring import Ring
from appliance.limits import DOWNSTREAM_BYTES, FRAME_BYTES, RING_BLOCK_BYTES, RING_BLOCKS
from tests.capture.craft import chunk, records
from tests.e2e.player import Chunk, Wire, play
from tests.network import Namespace

ALL = everything(FRAME_BYTES)
MINE = b"\x02\0\0\0\0\x01"
HEAD = b"\x02\0\0\0\0\x02" + MINE + b"\x88\xb5"  # an EtherType for experiments


@pytest.fixture
def net() -> Iterator[Namespace]:
    """A namespace with a wire from ``far`` to ``near``."""
    with Namespace() as net:
        net.wire("far", "near")
        yield net


@pytest.fixture
def far(net: Namespace) -> Iterator[socket.socket]:
    with net.plug("far") as plug:
        yield plug


@pytest.fixture
def ring(net: Namespace) -> Iterator[Ring]:
    with net.inside():
        ring = Ring(ALL)
        ring.bind("near")
    with ring:
        yield ring


def frame(number: int, size: int = 100) -> bytes:
    return HEAD + number.to_bytes(8) + bytes(size)


def numbers(frames: list[bytes]) -> list[int]:
    return [int.from_bytes(frame[14:22]) for frame in frames]


def received(ring: Ring, count: int) -> list[bytes]:
    """Return the frames that come until there are ``count``, or for five seconds."""
    frames: list[bytes] = []
    end = time.monotonic() + 5
    while len(frames) < count and time.monotonic() < end:
        select.select([ring], [], [], 0.5)
        frames += [content for _, content in records(ring.read())]
    return frames


def test_frames_arrive_as_they_were_sent(ring: Ring, far: socket.socket) -> None:
    """Each frame is read once, in order, whole, with the time at which it came."""
    before = time.time_ns()
    sent = [frame(number, size=number * 7 % 1400) for number in range(1000)]
    for content in sent:
        far.send(content)
    select.select([ring], [], [], 5)
    packets = ring.read()
    after = time.time_ns()
    rest = received(ring, 1000 - len(packets.at))
    assert [content for _, content in records(packets)] + rest == sent
    times = packets.time.tolist()
    assert times == sorted(times)
    assert before <= times[0] <= times[-1] <= after
    assert packets.wire.tolist() == packets.captured.tolist()
    assert ring.drops() == (1000, 0)
    assert ring.drops() == (0, 0)


def test_nothing_to_read_is_no_packets(ring: Ring) -> None:
    """A look that finds nothing gives empty columns that can be parsed like others."""
    packets = ring.read()
    assert len(packets.at) == len(packets.time) == len(parse(packets)) == 0


def test_nothing_comes_before_bind(net: Namespace, far: socket.socket) -> None:
    """No frame that went by before the ring knew its filter and its interface is in it."""
    with net.inside(), Ring(ALL) as ring:
        far.send(frame(1))
        ring.bind("near")
        far.send(frame(2))
        assert numbers(received(ring, 1)) == [2]


def test_what_we_send_is_not_seen(net: Namespace, ring: Ring, far: socket.socket) -> None:
    """Frames that leave by the interface are another port's to see."""
    with net.plug("near") as near:
        near.send(frame(1))
        far.send(frame(2))
        assert numbers(received(ring, 1)) == [2]


def test_the_filter_cuts(ring: Ring, far: socket.socket) -> None:
    """Of a frame that is cut, the length on the wire stays known."""
    ring.filter(everything(64))
    far.send(frame(1, size=1000))
    select.select([ring], [], [], 5)
    packets = ring.read()
    assert packets.captured.tolist() == [64]
    assert packets.wire.tolist() == [1022]


def test_merged_frames_fit(net: Namespace, far: socket.socket, ring: Ring) -> None:
    """A frame of 45 full segments, as offload makes them, is whole; of the very largest 143 bytes are cut off."""
    net.run("ip link set far mtu 65535")
    net.run("ip link set near mtu 65535")
    headers = len(frame(0, size=0))
    sent = [frame(number, size=66 + 45 * 1448 - headers) for number in range(5)]
    largest = frame(5, size=14 + 65_535 - headers)
    for content in (*sent, largest):
        far.send(content)
    assert received(ring, 6) == [*sent, largest[:-143]]


def test_a_filter_is_changed_between_two_frames(net: Namespace, ring: Ring) -> None:
    """While frames come without a pause and filters change all the time, none that each of them keeps is missing."""
    filters = [house(Watched(frozenset({int.from_bytes(MINE), number}))) for number in range(20)]
    sent = [frame(number) for number in range(30_000)]
    changes, got = 0, list[bytes]()
    with net.inside(), Wire("far") as wire:
        frames = Chunk(chunk(sent), np.zeros(len(sent), np.int64))
        sender = Thread(target=play, args=([frames], [wire], 1 / 20_000))  # one every 20 us instead of every ns
        sender.start()
        while sender.is_alive() or changes < 100:
            ring.filter(filters[changes % 20])
            got += [content for _, content in records(ring.read())]
            changes += 1
        sender.join()
    got += received(ring, len(sent) - len(got))
    assert got == sent
    assert ring.drops().dropped == 0


def test_what_found_no_room_is_counted(ring: Ring, far: socket.socket) -> None:
    """Of more frames than the ring holds, the first are read and the others counted."""
    room = RING_BLOCK_BYTES * RING_BLOCKS // 1400
    for number in range(room + 1000):
        far.send(frame(number, size=1400))
    got = numbers(received(ring, room // 2))
    drops = ring.drops()
    assert drops.dropped >= 1000
    assert got == list(range(drops.seen - drops.dropped))
    far.send(frame(7))
    assert numbers(received(ring, 1)) == [7]


def test_a_wire_that_was_pulled(net: Namespace, ring: Ring, far: socket.socket) -> None:
    """An interface that went down keeps nobody awake, and brings frames when it is up again."""
    net.run("ip link set near down")
    ring.read()
    assert select.select([ring], [], [], 0)[0] == []
    net.run("ip link set near up")
    net.until("ip -br link show far", " UP ")
    far.send(frame(3))
    assert numbers(received(ring, 1)) == [3]


def test_a_tag_is_taken_out(ring: Ring, far: socket.socket) -> None:
    """Of two VLAN tags the outermost is the kernel's; the frame is otherwise as it was."""
    ether, inner = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02"), Dot1Q(vlan=6) / Raw(b"hello")
    far.send(bytes(ether / Dot1Q(vlan=5) / inner))
    assert received(ring, 1) == [bytes(ether / inner)]


def test_a_mirror_hears_what_is_for_others(net: Namespace) -> None:
    """A promiscuous port is so as long as the ring is open."""
    with net.inside(), Ring(ALL) as ring:
        ring.bind("near", promiscuous=True)
        assert "promiscuity 1" in net.run("ip -d link show near")
    assert "promiscuity 0" in net.run("ip -d link show near")


def test_no_interface_is_an_error(net: Namespace) -> None:
    """To bind to an interface that is not there raises, and the ring can be bound afterwards."""
    with net.inside(), Ring(ALL) as ring:
        with pytest.raises(OSError, match="No such device"):
            ring.bind("nowhere")
        ring.bind("near")


def test_a_filter_too_large_to_have_two_of_it(ring: Ring, far: socket.socket) -> None:
    """Where the kernel has no room for the old filter and the new one, they change all the same and lose no frame."""
    large = Program(1000 * pack("=HBBI", 0x20, 0, 0, 12) + pack("=HBBI", 0x06, 0, 0, 1000))
    for number in range(100):
        far.send(frame(number, size=1400))
        ring.filter(large if number % 2 else everything(1000))
    ring.filter(large)
    far.send(frame(100, size=1400))
    got = received(ring, 101)
    assert numbers(got) == list(range(101))
    assert len(got[-1]) == 1000


def test_a_filter_that_the_kernel_does_not_take(ring: Ring, far: socket.socket) -> None:
    """It is told, and until there is another one the headers of everything come."""
    ring.filter(Program(pack("=HBBI", 0x06, 0, 0, 0)))
    with pytest.raises(OSError, match="Cannot allocate memory"):
        ring.filter(Program(4000 * pack("=HBBI", 0x20, 0, 0, 12) + pack("=HBBI", 0x06, 0, 0, 1000)))
    far.send(frame(1, size=1400))
    assert received(ring, 1) == [frame(1, size=1400)[:DOWNSTREAM_BYTES]]


def test_a_large_home_fits_an_older_kernel(net: Namespace, far: socket.socket) -> None:
    """In the 20 kB that kernels before 6.8 give, 24 speakers and 96 devices, each of another vendor, have room."""
    if not net.has("/proc/sys/net/core/optmem_max"):
        pytest.skip("this kernel has one net.core.optmem_max for all namespaces, which is not ours to change")
    net.run("sysctl -qw net.core.optmem_max=20480")
    vendors = [number << 32 | 0xF000_0000 for number in range(120)]
    watched = Watched(frozenset({int.from_bytes(MINE), *vendors[:23]}), frozenset(vendors[24:]))
    with net.inside(), Ring(ALL) as ring:
        ring.filter(house(watched))
        ring.filter(house(watched))
        ring.bind("near")
        far.send(frame(1))
        assert received(ring, 1) == [frame(1)]
