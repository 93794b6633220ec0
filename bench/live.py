# SPDX-License-Identifier: GPL-2.0-or-later
"""What watching a network live costs, and what it does to the network: ours beside scapy, pyshark, tcpdump, nfstream.

    uv venv peers && uv pip install --python peers/bin/python scapy pyshark nfstream
    python -m bench.live [--python peers/bin/python] [--packets 300000] [--rate 30000] [--rounds 2] [--pairs 8]

A house of network namespaces, joined by a bridge (needs root). Prints Markdown for bench/RESULTS.md: first each program
by turns under the same traffic (bench/household.py's), ours on both ports of the bridge, the others on the bridge;
then what a TCP connection through the bridge costs, and what goes through, with and without us, alternating, as fast as
the machine can or, with --wire 1gbit, as a home's cable can; then a house at night.
CPU is of all processes of a program, from before the traffic until after it; memory is what they hold together at most.
"""

import argparse
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from rich.console import Console
from rich.progress import track

from appliance.events import Service
from appliance.simulate.household import simulate
from appliance.simulate.scenario import DAY, START, Scenario
from bench import household
from bench.peers import peers, seen
from bench.simulated import table
from bench.usage import Use, network_cpu, use, watched
from tests.e2e.bulk import Bulk
from tests.e2e.house import MTU, Appliance, House, memory, until
from tests.e2e.player import Chunk, chunks, play

T = TypeVar("T")
WATCH = ("everything", "speakers")
SETTLE_S, PIECE_S = 2.0, 3.0
NIGHT_S, WARM_S = 60.0, 75.0  # the process that dissects ends after a minute without work
FLOWING_BYTES = 100_000_000
FRAMES_BYTES = 32_000  #: TCP hands down more at once, which the wire then has cut into frames
AT_NIGHT = START + 3 * 3600


class Load(NamedTuple):
    """What is played."""

    chunks: list[Chunk]
    frames: int
    speed: float


class Cost(NamedTuple):
    """What a program saw of the traffic, what it says that it lost, and what it took."""

    seen: int
    lost: int
    took: Use


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--packets", type=int, default=300_000)
    parser.add_argument("--rate", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument(
        "--wire", help="speed of the wires while they are full, as tc has it: 1gbit; no limit without it"
    )
    parser.add_argument("--no-night", dest="night", action="store_false")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores of {platform.machine()}\n")
    with tempfile.TemporaryDirectory() as name, closing(House()) as house:
        folder = Path(name)
        if options.rounds:
            traffic = busy(folder, options.packets, options.rate)
            side_by_side(house, folder, traffic, peers(options.python, "br0"), options.rounds)
        for watch in WATCH if options.pairs else ():
            ratio(house, folder, watch, options.pairs, options.wire)
        for watch in WATCH if options.night else ():
            night(house, folder, watch)


def side_by_side(house: House, folder: Path, traffic: Load, others: dict[str, list[str]], rounds: int) -> None:
    """Let each program watch the same traffic, by turns; print what it saw and took."""
    programs: dict[str, Callable[[], Cost]] = {
        f"earwitness capture, {watch}": partial(ours, house, folder, watch, traffic) for watch in WATCH
    }
    programs |= {name: partial(theirs, house, command, traffic) for name, command in others.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in programs}
    for name in bar("side by side", [*programs] * rounds):
        costs[name].append(programs[name]())
    print(f"{traffic.frames:,} frames at about {traffic.speed * household.PACKETS_PER_SECOND:,.0f} a second,", end=" ")
    print(f"{rounds} rounds; load average {load_average()}\n")
    header = (
        "program",
        "seen",
        "of those sent",
        "lost by its own word",
        "CPU, s",
        "CPU-s a million seen",
        "memory, MB",
    )
    table(header, (row(name, several, traffic.frames) for name, several in costs.items()))


def row(name: str, costs: Sequence[Cost], sent: int) -> tuple[object, ...]:
    """Return a program's row: medians of its rounds."""
    saw, lost = statistics.median(cost.seen for cost in costs), statistics.median(cost.lost for cost in costs)
    cpu, memory = statistics.median(cost.took.cpu for cost in costs), max(cost.took.memory for cost in costs)
    each = f"{cpu / saw * 1e6:.2f}" if saw else "-"
    return name, f"{saw:,.0f}", f"{saw / sent:.1%}", f"{lost:,.0f}", f"{cpu:.2f}", each, f"{memory:.0f}"


def busy(folder: Path, packets: int, rate: int) -> Load:
    """Make a busy home's traffic, to be played at so many frames a second."""
    path = folder / "household.pcap"
    household.write(path, packets)
    loaded = list(chunks(path, [int.from_bytes(household.ROUTER)]))
    path.unlink()
    return Load(loaded, packets, rate / household.PACKETS_PER_SECOND)


def ours(house: House, folder: Path, watch: str, traffic: Load) -> Cost:
    """Watch the traffic with the capture service."""
    with tempfile.TemporaryDirectory(dir=folder) as state, closing(capture(house, Path(state), watch)) as appliance:
        with watched(appliance.running[Service.CAPTURE].pid) as took:
            played(house, traffic)
        status = appliance.capture()
    return Cost(status.packets, status.lost, took) if status else Cost(0, 0, took)


def theirs(house: House, command: list[str], traffic: Load) -> Cost:
    """Watch the traffic with a peer."""
    with tempfile.TemporaryFile("w+") as words:
        inside = ["ip", "netns", "exec", house.bridge.name, *command]
        process = subprocess.Popen(inside, stderr=words, stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(2 * SETTLE_S)
        with watched(process.pid) as took:
            played(house, traffic)
        process.terminate()
        process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # processes of its own, which it did not end
        words.seek(0)
        return Cost(*seen(words.read()), took)


def capture(house: House, folder: Path, watch: str) -> Appliance:
    """Start the capture service on the bridge's ports."""
    appliance = Appliance(folder, house.bridge, watch=watch)
    appliance.start(Service.CAPTURE)
    time.sleep(SETTLE_S)
    return appliance


def played(house: House, traffic: Load) -> None:
    """Play the traffic, and let it settle."""
    wires = house.wires()
    play(traffic.chunks, wires, traffic.speed)
    for wire in wires:
        wire.close()
    time.sleep(SETTLE_S)


def ratio(house: House, folder: Path, watch: str, pairs: int, wire: str | None) -> None:
    """Print what goes through the bridge with the capture as a share of that without, measured by turns.

    By the clock, and for the same processor time: where other work comes between, only that can be compared.
    """
    without, with_us = [], []
    with of_speed(house, wire), closing(Bulk(house)) as bulk:
        begun = bulk.taken()
        until("bulk traffic", lambda: bulk.taken() > begun + FLOWING_BYTES)
        for _ in bar(f"throughput, {watch}", range(pairs)):
            without.append(throughput(bulk))
            with tempfile.TemporaryDirectory(dir=folder) as state, closing(capture(house, Path(state), watch)) as ours:
                with_us.append(throughput(bulk, ours.running[Service.CAPTURE].pid))
    for what, of in (("second", Through.a_second), ("processor second", Through.a_processor_second)):
        ratios = sorted(of(ours) / of(theirs) for ours, theirs in zip(with_us, without, strict=True))
        usual = statistics.median(map(of, without)) * 8e-9
        print(f"Through the bridge in a {what} with us ({watch}): {statistics.median(ratios):.3f} of without", end=" ")
        print(f"({ratios[0]:.3f} to {ratios[-1]:.3f} in {len(ratios)} pairs; {usual:.1f} Gbit without)")
    print(f"load average {load_average()}\n")


@contextmanager
def of_speed(house: House, wire: str | None) -> Iterator[None]:
    """Let the world's wire carry no more than so much, in frames as long as real ones."""
    if wire is None:
        yield
        return
    house.world.run("ip link set world mtu 1500")
    house.world.run(f"tc qdisc add dev world root tbf rate {wire} burst {FRAMES_BYTES} latency 10ms")
    try:
        yield
    finally:
        house.world.run("tc qdisc del dev world root")
        house.world.run(f"ip link set world mtu {MTU}")


class Through(NamedTuple):
    """What went through the bridge."""

    taken: int  #: bytes
    seconds: float
    cpu: float  #: seconds of the processes that give, take and watch, and of the kernel's threads

    def a_second(self) -> float:
        """Bytes."""
        return self.taken / self.seconds

    def a_processor_second(self) -> float:
        """Bytes."""
        return self.taken / self.cpu


def throughput(bulk: Bulk, *watching: int) -> Through:
    """Measure for a while; ``watching`` are processes that take part."""

    def now() -> Through:
        processes = (*bulk.processes, *watching)
        return Through(bulk.taken(), time.monotonic(), sum(use(pid).cpu for pid in processes) + network_cpu())

    before = now()
    time.sleep(PIECE_S)
    after = now()
    return Through(after.taken - before.taken, after.seconds - before.seconds, after.cpu - before.cpu)


def night(house: House, folder: Path, watch: str) -> None:
    """Print what the capture takes while a house of six speakers sleeps, once it has settled."""
    quiet = folder / "quiet"
    simulate(Scenario(days=(WARM_S + NIGHT_S) / DAY, start=AT_NIGHT), quiet)
    with tempfile.TemporaryDirectory(dir=folder) as state, closing(capture(house, Path(state), watch)) as appliance:
        pid, wires = appliance.running[Service.CAPTURE].pid, house.wires()
        player = threading.Thread(target=play, args=(chunks(quiet / "capture.pcapng"), wires, 1.0), daemon=True)
        player.start()
        time.sleep(WARM_S)
        before = use(pid)
        for _ in bar(f"a night, {watch}", range(int(NIGHT_S))):
            time.sleep(1.0)
        took, alone = use(pid), memory(pid) / 1e6
    cpu = (took.cpu - before.cpu) / NIGHT_S
    print(f"At night ({watch}): {cpu:.2%} of a core over {NIGHT_S:.0f} s, {alone:.1f} MB,", end=" ")
    print(f"{took.memory:.1f} MB with its children; load average {load_average()}\n")


def bar(what: str, things: Sequence[T]) -> Iterator[T]:
    """Yield things behind a progress bar."""
    yield from track(things, what, console=Console(stderr=True), transient=True)


def load_average() -> str:
    """Return the machine's load: others may work on it too."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    main()
