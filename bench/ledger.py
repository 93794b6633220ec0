# SPDX-License-Identifier: GPL-2.0-or-later
"""What the ledger of one household writes to the disk in a day, and how fast it answers after a year.

    python -m bench.ledger [--days 5] [--disk]

A day: 200 uploads (announced, first verdict, completed with its reply, final verdict: each a commit), 1,000 sounds,
each a commit; traffic of ten devices and three roles for each minute, coverage of the capture, of two ears and of the
judge, written every five minutes; 100 descriptions of devices, 300 names. After each day what is older than two days is
forgotten, so the later days show how it stays. ``--disk`` puts the ledger on an ext4 of its own, in a file, and counts
what reaches that: the file system's own journal too (needs root).
"""

import argparse
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.events import (
    CAPTURE,
    Correction,
    Coverage,
    Device,
    Evidence,
    FlowKey,
    Name,
    Proof,
    Reply,
    Role,
    Service,
    Speech,
    Tell,
    Traffic,
    Upload,
    Verdict,
    Wake,
)
from appliance.ledger import HUB, Fact, Keep, forget, open_ledger
from appliance.limits import FORGET_S

DAY = 86_400.0
FLUSH = 300.0
DEVICES = [f"02:00:00:00:00:{number:02x}" for number in range(10)]
ROLES = (Role.VOICE, Role.TELEMETRY, Role.MEDIA)
EVIDENCE = tuple(
    Evidence(key, 12_345.678, "A sentence for people that says what this figure means, of some length.")
    for key in "abcdefghijkl"
)


def main() -> None:
    """Play the days and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--disk", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd()) as folder,
        disk(Path(folder), own=options.disk) as (place, written),
    ):
        play(place / "ledger.sqlite", options.days, written)


def play(path: Path, days: int, written: Callable[[], int]) -> None:
    """Write day after day."""
    ledgers = {service: open_ledger(path, service=service, now=0.0) for service in Service}
    boot = ledgers[Service.HUB].begin("boot", 0.0)
    ledgers[Service.CAPTURE].write(boot, [Correction(0.0, 1e9, synchronised=True)])
    forgot_at = 0.0
    for day in range(days):
        process, device, begun, commits = own_bytes(), written(), time.monotonic(), 0
        for at, service, facts in sorted(a_day(day * DAY), key=lambda step: step[0]):
            ledgers[service].write(boot, facts)
            commits += 1
            if at - forgot_at > FORGET_S:
                forgot_at = at
                commits += bool(forget(ledgers[Service.HUB], Keep(2, 2, 1 << 40), boot, at))
        size = sum(part.stat().st_size for part in path.parent.glob("ledger.sqlite*")) / 1e6
        print(
            f"day {day + 1}: {commits} commits in {time.monotonic() - begun:.0f} s, "
            f"{(own_bytes() - process) / 1e6:.1f} MB written by the process, "
            f"{(written() - device) / 1e6:.1f} MB reached the disk, files {size:.1f} MB"
        )
    for ledger in ledgers.values():
        ledger.close()


Step = tuple[float, Service, list[Fact]]


def a_day(start: float) -> Iterator[Step]:
    """What each service writes, and when."""
    chance = random.Random(start)
    for _ in range(200):
        yield from an_upload(start + chance.uniform(0, DAY), chance.choice(DEVICES))
    for _ in range(500):
        at = start + chance.uniform(0, DAY)
        yield at, Service.EARS, [Wake(at, "kitchen", "alexa", chance.random(), near_miss=True)]
        yield at + 3, Service.EARS, [Speech(at, at + 3, "kitchen", chance.uniform(-60, -10))]
    for _ in range(100):
        at = start + chance.uniform(0, DAY)
        yield (
            at,
            Service.CAPTURE,
            [
                Device(
                    at,
                    chance.choice(DEVICES),
                    "amazon-echo",
                    "Amazon",
                    "Echo Dot",
                    "Kitchen",
                    0.9,
                    ("a reason of some length",) * 4,
                )
            ],
        )
    for _ in range(300):
        at = start + chance.uniform(0, DAY)
        yield (
            at,
            Service.CAPTURE,
            [Name(at, chance.choice(DEVICES), f"192.0.2.{chance.randrange(256)}", "host.example.com")],
        )
    for flush in range(int(DAY / FLUSH)):
        yield from a_flush(start + flush * FLUSH, chance)


def an_upload(at: float, device: str) -> Iterator[Step]:
    """One upload from its first packet to its verdict."""
    flow = FlowKey(device, "tcp", 40_000, "192.0.2.1", 443)
    known = Upload(
        at + 0.5,
        flow,
        "amazon-echo",
        "bob-dispatch-prod-eu.amazon.com",
        Proof.DNS,
        Role.VOICE,
        at,
        at + 0.5,
        None,
        20_000,
        0,
        ("cadence", "steady"),
        "amazon-opus-20",
        0.95,
    )
    done = Upload(
        at + 5,
        flow,
        known.speaker,
        known.host,
        known.host_by,
        known.role,
        at,
        at + 0.5,
        at + 4,
        61_000,
        900,
        known.detectors,
        known.signature,
        0.95,
    )
    wake = Wake(at - 1, "kitchen", "alexa", 0.9)
    yield at + 0.5, Service.CAPTURE, [known]
    yield (
        at + 2,
        Service.HUB,
        [Verdict(at + 2, "called", Tell.NOBODY, 0.9, device, known, wake, EVIDENCE, "2026.11", final=False)],
    )
    yield at + 5, Service.CAPTURE, [done, Reply(at + 7, device, at + 5, at + 7, 40_000)]
    yield (
        at + 6,
        Service.HUB,
        [Verdict(at + 6, "called", Tell.NOBODY, 0.9, device, done, wake, EVIDENCE, "2026.11", final=True)],
    )


def a_flush(start: float, chance: random.Random) -> Iterator[Step]:
    """Five minutes of traffic and coverage."""
    end = start + FLUSH
    traffic: list[Fact] = [
        Traffic(minute, device, role, chance.randrange(100_000), chance.randrange(1_000_000), chance.randrange(1_000))
        for minute in (start + 60 * step for step in range(5))
        for device in DEVICES
        for role in ROLES
    ]
    yield end, Service.CAPTURE, [*traffic, Coverage(start, end, CAPTURE)]
    yield end, Service.EARS, [Coverage(start, end, "kitchen"), Coverage(start, end, "hall")]
    yield end, Service.HUB, [Coverage(start, end, HUB)]


def own_bytes() -> int:
    """What this process has had written to disks."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["write_bytes"])


Written = Callable[[], int]


@contextmanager
def disk(folder: Path, *, own: bool) -> Iterator[tuple[Path, Written]]:
    """A place for the ledger, and what counts the bytes that reach its disk: 0 if it has none of its own."""
    if not own:
        yield folder, lambda: 0
        return
    image, place = folder / "image", folder / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(1 << 30)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop,noatime", image, place], check=True)
    try:
        source = subprocess.run(["findmnt", "-no", "SOURCE", place], capture_output=True, text=True, check=True).stdout
        statistics = Path("/sys/block", Path(source.strip()).name, "stat")
        yield place, lambda: 512 * int(statistics.read_text().split()[6])
    finally:
        subprocess.run(["umount", place], check=True)


if __name__ == "__main__":
    main()
