# SPDX-License-Identifier: GPL-2.0-or-later
"""Weeks of a simulated household through the services, as fast as they go: what is judged, kept, written and needed.

    python -m bench.soak [--days 30] [--seed 1] [--keep-days 14] [--played FOLDER]

Six speakers are played (or FOLDER, in which ``earwitness simulate`` played before, is taken), replayed through capture
and hub, which step in turn in one process, and compared with the truth. The services' clock shows the capture's time,
so that every flush comes as often a day as at home, and the jobs that forget are run each hour of it. Facts are kept
for ``--keep-days`` only, so that later days show how forgetting costs. Written is what the process wrote by
/proc/self/io, into a folder of the current directory: that should be on a disk. Status files are in memory, as /run is.
"""

import argparse
import gc
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from rich.console import Console
from rich.progress import Progress

from appliance.clocks import Boot, Reading
from appliance.commands.services import opened, opened_in
from appliance.events import Finding, Service, Upload, Verdict
from appliance.hub.clearing import Clearing
from appliance.hub.service import HubService
from appliance.ledger import open_ledger
from appliance.ledger.rows import FINDINGS, UPLOAD, VERDICT, Table
from appliance.limits import GARBAGE_AFTER
from appliance.live.played_ears import PlayedEars, Rehearsal
from appliance.live.replay import Replay
from appliance.live.service import CaptureService
from appliance.rules import load_rules
from appliance.settings import CaptureSettings, LedgerSettings, Paths, Placement, Settings
from bench.simulated import SHOWN, confusion, false_alerts, match, play, recall, table, truths

DAY, HOUR = 86_400.0, 3_600.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
CLOCKED = ("appliance.hub.service", "appliance.live.service", "appliance.health.machine")
"""Modules that look at the clock, which here shows the capture's time."""


class Clock:
    """The time of the capture, as if it were this machine's."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> Reading:
        """Show it."""
        return Reading(int(self.now * 1e9), int(self.now * 1e9), synchronised=True)


class Day(NamedTuple):
    """What one simulated day cost, and what came of it."""

    number: int
    resident_mb: float
    written_mb: float
    files_mb: float
    cpu_s: float
    verdicts: int


class Told:
    """What the ledger said day by day: it forgets."""

    def __init__(self, path: Path) -> None:
        self.uploads: dict[object, Upload] = {}
        self.verdicts: list[Verdict] = []
        self.findings: list[Finding] = []
        self._last: dict[Table[Any], int] = dict.fromkeys((UPLOAD, VERDICT, FINDINGS[Service.HUB]), 0)
        self._reader = open_ledger(path, service=Service.HUB, now=0.0).reader()

    def collect(self) -> int:
        """Read what is new; return how many verdicts that is."""
        for table_, last in self._last.items():
            found = self._reader.facts(table_, "WHERE id > ? ORDER BY id", (last,))
            self._last[table_] = max((id_ for id_, _ in found), default=last)
            facts = [fact for _, fact in found]
            self.uploads |= {fact.key: fact for fact in facts if isinstance(fact, Upload)}
            self.findings += [fact for fact in facts if isinstance(fact, Finding)]
            verdicts = (fact for fact in facts if isinstance(fact, Verdict) and fact.final)
            self.verdicts += [replace(verdict, evidence=()) for verdict in verdicts]  # so this grows by little
        return len(self.verdicts)


def main() -> None:
    """Play, soak, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-days", type=int, default=14)
    parser.add_argument("--played", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        played = options.played or Path(name, "played")
        if not options.played:
            play(played, options.days, options.seed)
        begun = time.perf_counter()
        with settings_in(Path(name), played, options.keep_days) as settings:
            days, told = soak(settings, options.days)
        took = time.perf_counter() - begun
        report(days, told, played, took)


@contextmanager
def settings_in(folder: Path, played: Path, keep_days: int) -> Iterator[Settings]:
    """Lend the settings: state on the disk, status in memory."""
    memory = Path("/dev/shm")  # noqa: S108 - memory is the point
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else folder) as run:
        paths = Paths(state=folder / "state", run=Path(run), rules=folder / "none")
        paths.state.mkdir()
        sounds, file = played / "sounds.jsonl", played / "capture.pcapng"
        capture = CaptureSettings(placement=Placement.REPLAY, file=file, sounds=sounds, speed=0)
        yield Settings(
            capture=capture, paths=paths, ledger=LedgerSettings(keep_days=keep_days, keep_traffic_days=keep_days)
        )


def soak(settings: Settings, days: int) -> tuple[list[Day], Told]:
    """Step through the days."""
    gc.set_threshold(GARBAGE_AFTER)
    clock, rules, source = Clock(), load_rules(None), Replay(settings.capture)
    clock.now = source.since
    with ExitStack() as stack:
        for module in CLOCKED:
            stack.enter_context(patch(f"{module}.read_clocks", clock.read))
        capture = CaptureService(settings, rules, source, lambda: opened_in(settings, Service.CAPTURE, source.boot))
        if settings.capture.sounds is None:
            raise ValueError("nothing was heard")
        rehearsal = Rehearsal(
            capture, PlayedEars(settings.capture.sounds, *opened_in(settings, Service.EARS, source.boot))
        )
        ledger = partial(opened, settings, Service.HUB)
        hub = HubService(settings, rules, Boot("this machine", 0), ledger)
        clearing = Clearing(settings, hub.household, ledger, hub.reached, clock.read)
        cleared = clock.now
        told, measured = Told(settings.paths.ledger), [measure(0, settings, 0)]
        progress = stack.enter_context(Progress(console=Console(stderr=True)))
        task = progress.add_task("soaking", total=days * DAY)
        with closing(hub):
            while rehearsal.step():
                clock.now = capture.now
                hub.step()
                if clock.now - cleared >= HOUR:
                    cleared = clock.now
                    clearing.facts()
                    clearing.captures()
                progress.update(task, completed=clock.now - source.since)
                if clock.now >= source.since + len(measured) * DAY:
                    measured.append(measure(len(measured), settings, told.collect()))
            rehearsal.close()
            hub.step()
        measured.append(measure(len(measured), settings, told.collect()))
    return measured, told


def measure(number: int, settings: Settings, verdicts: int) -> Day:
    """Return the sums by now."""
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
    written = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())["write_bytes"]
    files = sum(path.stat().st_size for path in settings.paths.state.rglob("*") if path.is_file())
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Day(number, resident / 1e6, int(written) / 1e6, files / 1e6, used.ru_utime + used.ru_stime, verdicts)


def report(days: list[Day], told: Told, played: Path, took: float) -> None:
    """Print what was measured, and how what was judged compares with the truth."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{days[-1].number} simulated days in {took:.0f} s; load average {load}\n")
    table(("day", "resident, MB", "written, MB", "files, MB", "CPU, s", "verdicts"), by_day(days))
    truth, others = truths(played)
    found, unmatched = match(truth, list(told.uploads.values()))
    _, alone = match(others, unmatched)
    verdicts: dict[object, Verdict] = {verdict.upload.key: verdict for verdict in told.verdicts if verdict.upload}
    table(("played", "uploads", "found", "recall", "split", "known after, p50", "p95"), recall(found))
    judged = {row: [upload for upload in uploads if upload.key in verdicts] for row, uploads in found.items()}
    table(("truth", "uploads", "judged so", "share", "judged otherwise"), confusion(judged, verdicts))
    false = false_alerts(found, told.verdicts)
    silent = sum(verdict.verdict == "silent_speaker" for verdict in told.verdicts)
    print(f"uploads {len(told.uploads)}, without verdict {len(told.uploads.keys() - verdicts.keys())},", end=" ")
    print(f"that are none {len(alone)}; silent_speaker {silent};", end=" ")
    print(f"health findings {len(told.findings)}; alerts that the truth does not have: {len(false)}\n")
    for row, verdict in false[:SHOWN]:
        print(f"no alert: {verdict.verdict} {row or ''} {verdict.upload}")
    for finding in told.findings[:SHOWN]:
        print(f"finding: {finding.kind} {finding.device or ''} {finding.time:.0f}-{finding.ended_at} {finding.text}")


def by_day(days: list[Day]) -> Iterator[tuple[object, ...]]:
    """Yield each day's row: sizes at its end, the rest as it grew."""
    for before, day in pairwise(days):
        grown = day.written_mb - before.written_mb, day.cpu_s - before.cpu_s, day.verdicts - before.verdicts
        yield (
            day.number,
            f"{day.resident_mb:.1f}",
            f"{grown[0]:.1f}",
            f"{day.files_mb:.1f}",
            f"{grown[1]:.1f}",
            grown[2],
        )


if __name__ == "__main__":
    main()
