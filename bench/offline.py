# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast capture files are analysed, beside dpkt, tshark and tcpdump on the same file in the same run.

    python -m bench.offline [--packets 2000000] [--rounds 3] [--scale 200000,2000000,20000000]

Prints Markdown for bench/RESULTS.md. Every program runs as a process of its own, by turns; what counts is its CPU time
(user and system), start-up included, since the machine may be shared. Ratios are medians over the rounds, each taken
within one round. The traffic is bench/household.py's.
"""

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

TSHARK_FIELDS = (
    "frame.time_epoch",
    "eth.src",
    "ip.src",
    "ip.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.len",
    "udp.length",
)
DPKT = """
import sys, dpkt
for time, frame in dpkt.pcap.Reader(open(sys.argv[1], "rb")):
    dpkt.ethernet.Ethernet(frame)
"""


class Cost(NamedTuple):
    """What one run of a program took."""

    cpu: float  #: seconds, user and system
    wall: float  #: seconds
    memory: float  #: MB at the most


def programs(path: Path) -> dict[str, list[str]]:
    """Return the programs to compare, those that are installed."""
    mine = [sys.executable, "-m", "bench.stages", str(path)]
    fields = [f"-e{field}" for field in TSHARK_FIELDS]
    all_of_them = {
        "earwitness analyze": [
            f"{Path(sys.executable).parent}/earwitness",
            "analyze",
            str(path),
            "--jsonl",
            os.devnull,
        ],
        "… its capture, parsing and flows": [*mine, "flows"],
        "… its capture and parsing": [*mine, "parse"],
        "… its capture": [*mine, "read"],
        "dpkt, bare parse": [sys.executable, "-c", DPKT, str(path)],
        "tshark -T fields": ["tshark", "-r", str(path), "-T", "fields", *fields],
        "tcpdump --count": ["tcpdump", "-r", str(path), "--count"],
    }
    return {name: command for name, command in all_of_them.items() if shutil.which(command[0])}


def run(command: list[str]) -> Cost:
    """Run a program to its end, its output thrown away.

    The kernel counts this very process's memory as the child's until it becomes the program, so nothing big is
    imported here.
    """
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    before = os.times().elapsed
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with status {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, os.times().elapsed - before, usage.ru_maxrss / 1024)


def compare(path: Path, packets: int, rounds: int) -> None:
    """Print what each program costs, and how many times more than ours."""
    costs: dict[str, list[Cost]] = {name: [] for name in programs(path)}
    for _ in range(rounds):
        for name, command in programs(path).items():
            costs[name].append(run(command))
    ours = costs["earwitness analyze"]
    print("| program | CPU s | µs a packet | peak memory, MB | times ours |\n| --- | --- | --- | --- | --- |")
    for name, mine in costs.items():
        ratio = statistics.median(theirs.cpu / our.cpu for theirs, our in zip(mine, ours, strict=True))
        cpu, memory = statistics.median(cost.cpu for cost in mine), max(cost.memory for cost in mine)
        print(f"| {name} | {cpu:.2f} | {cpu / packets * 1e6:.2f} | {memory:.0f} | {ratio:.2f} |")


def scale(folder: Path, sizes: list[int]) -> None:
    """Print what the analysis costs at different lengths of the same traffic, start-up apart."""
    start = min(_analyse(folder, 1).cpu for _ in range(3))
    print(f"\nStart-up: {start:.2f} s of CPU.\n")
    print("| packets | CPU s | µs a packet without start-up | peak memory, MB |\n| --- | --- | --- | --- |")
    for size in sizes:
        cost = _analyse(folder, size)
        print(f"| {size:,} | {cost.cpu:.2f} | {(cost.cpu - start) / size * 1e6:.2f} | {cost.memory:.0f} |")


def _write(folder: Path, packets: int) -> Path:
    path = folder / "mixed.pcap"
    run([sys.executable, "-m", "bench.household", str(path), str(packets)])
    return path


def _analyse(folder: Path, packets: int) -> Cost:
    path = _write(folder, packets)
    cost = run(programs(path)["earwitness analyze"])
    path.unlink()
    return cost


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--packets", type=int, default=2_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--scale", default="200000,2000000,20000000")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = _write(Path(folder), chosen.packets)
        size, machine = path.stat().st_size / 1e9, f"{os.cpu_count()} cores of {platform.machine()}"
        print(f"{chosen.packets:,} packets, {size:.2f} GB; Python {platform.python_version()}, {machine};", end=" ")
        print(f"{chosen.rounds} rounds\n")
        compare(path, chosen.packets, chosen.rounds)
        path.unlink()
        if chosen.scale:
            scale(Path(folder), [int(size) for size in chosen.scale.split(",")])


if __name__ == "__main__":
    main()
