# SPDX-License-Identifier: GPL-2.0-or-later
"""How uploads of a simulated household are found and judged, against the truth it was played from.

    python -m bench.simulated [DAYS] [SEED]

Plays the packaged household (default 30 days, seed 1) into a temporary folder, analyses it and prints, in Markdown:
recall and precision per class of the truth, the matrix of verdicts, and every alert that the truth does not have.
All of it is simulated: it shows that the stages agree with each other, not how real homes behave.
"""

import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import Progress

from appliance.analysis import Analysis, hear
from appliance.events import Tell, Upload, Verdict
from appliance.report.model import Report
from appliance.rules import load_rules
from appliance.simulate.household import simulate
from appliance.simulate.scenario import Scenario

LOUD = {Tell.ALERT, Tell.URGENT}
VOICE_OF_OTHERS = {"dictation", "meeting"}  # bursts of the truth that are voice, though no speaker's
SHOWN = 20  # uploads listed one by one
EDGE_S = 0.5  # an upload belongs to a truth that it overlaps, but for this


class Truth(NamedTuple):
    """One upload as it was played."""

    device: str
    start: float
    end: float
    kind: str
    verdict: str


def play(folder: Path, days: float, seed: int) -> None:
    """Write the household's capture, sounds and truth, with a progress bar."""
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("playing", total=1.0)
        simulate(Scenario(days=days, seed=seed), folder, lambda share: progress.update(task, completed=share))


def analyse(folder: Path) -> Report:
    """Analyse what was played, with a progress bar."""
    analysis = Analysis(load_rules(None), hear(folder / "sounds.jsonl"))
    capture = folder / "capture.pcapng"
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("analysing", total=capture.stat().st_size)
        analysis.read(capture, capture.name, lambda position, _: progress.update(task, completed=position))
    (report,) = analysis.reports()
    return report


def truths(folder: Path) -> tuple[list[Truth], list[Truth]]:
    """Read the truth: the uploads of speakers, and the voice of devices that are none (dictation, meetings)."""
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    uploads = [Truth(*(row[name] for name in Truth._fields)) for row in rows if row["type"] == "upload"]
    others = [row for row in rows if row["type"] == "burst" and row["kind"] in VOICE_OF_OTHERS]
    return uploads, [Truth(row["device"], row["start"], row["end"], row["kind"], "-") for row in others]


def match(truth: Sequence[Truth], uploads: Sequence[Upload]) -> tuple[dict[Truth, list[Upload]], list[Upload]]:
    """Return the uploads that belong to each truth, and those that belong to none."""
    of_device: dict[str, list[Truth]] = defaultdict(list)
    for row in truth:
        of_device[row.device].append(row)
    found: dict[Truth, list[Upload]] = {row: [] for row in truth}
    alone = []
    for upload in uploads:
        end = upload.time if upload.ended_at is None else upload.ended_at
        rows = [
            row
            for row in of_device[upload.flow.device]
            if upload.started_at <= row.end + EDGE_S and end >= row.start - EDGE_S
        ]
        if not rows:
            alone.append(upload)
        for row in rows:
            found[row].append(upload)
    return found, alone


def table(header: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    print("| " + " | ".join(header) + " |")
    print("| --- |" + " ---: |" * (len(header) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def recall(found: dict[Truth, list[Upload]]) -> Iterator[Sequence[object]]:
    """Yield, for each kind of truth, how many were found, in one piece, and how soon."""
    for kind in sorted({row.kind for row in found}):
        rows = {row: uploads for row, uploads in found.items() if row.kind == kind}
        hit = [uploads for uploads in rows.values() if uploads]
        delays = sorted(uploads[0].known_at - row.start for row, uploads in rows.items() if uploads)
        middle, late = (delays[int(len(delays) * share)] for share in (0.5, 0.95)) if delays else (0.0, 0.0)
        split = sum(len(uploads) > 1 for uploads in hit)
        yield kind, len(rows), len(hit), f"{len(hit) / len(rows):.1%}", split, f"{middle:.2f} s", f"{late:.2f} s"


def confusion(found: dict[Truth, list[Upload]], verdicts: dict[object, Verdict]) -> Iterator[Sequence[object]]:
    """Yield a row for each verdict of the truth: how often it was judged as what."""
    judged: dict[str, Counter[str]] = defaultdict(Counter)
    for row, uploads in found.items():
        judged[row.verdict][verdicts[uploads[0].key].verdict if uploads else "not found"] += 1
    for verdict in sorted(judged):
        others = ", ".join(f"{name} {count}" for name, count in judged[verdict].most_common() if name != verdict)
        total = sum(judged[verdict].values())
        yield verdict, total, judged[verdict][verdict], f"{judged[verdict][verdict] / total:.1%}", others or "-"


def false_alerts(found: dict[Truth, list[Upload]], verdicts: Iterable[Verdict]) -> list[tuple[Truth | None, Verdict]]:
    """Return alerts that the truth does not have, with what it has instead."""
    owners: dict[object, Truth] = {upload.key: row for row, uploads in found.items() for upload in uploads}
    loud = [verdict for verdict in verdicts if verdict.tell in LOUD]
    rows = [owners.get(verdict.upload.key) if verdict.upload else None for verdict in loud]
    return [
        (row, verdict) for row, verdict in zip(rows, loud, strict=True) if row is None or row.verdict != verdict.verdict
    ]


def main() -> None:
    """Play, analyse, compare, print."""
    days, seed = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        play(folder, days, seed)
        played = time.perf_counter()
        report = analyse(folder)
        done = time.perf_counter()
        truth, others = truths(folder)
        size = (folder / "capture.pcapng").stat().st_size
    found, unmatched = match(truth, report.uploads)
    _, alone = match(others, unmatched)
    verdicts: dict[object, Verdict] = {verdict.upload.key: verdict for verdict in report.verdicts if verdict.upload}
    print(f"{days:g} simulated days, seed {seed}: {report.packets:,} packets, {size / 1e9:.2f} GB,", end=" ")
    print(f"played in {played - begun:.0f} s, analysed in {done - played:.0f} s\n")
    table(("played", "uploads", "found", "recall", "split", "known after, p50", "p95"), recall(found))
    print(f"precision: {1 - len(alone) / max(1, len(report.uploads)):.2%} of {len(report.uploads)} uploads;", end=" ")
    print(f"{len(unmatched) - len(alone)} more are voice of devices that are no speakers (dictation, meetings)\n")
    table(("truth", "uploads", "judged so", "share", "judged otherwise"), confusion(found, verdicts))
    false = false_alerts(found, report.verdicts)
    print(f"alerts that the truth does not have: {len(false)}\n")
    for upload in alone[:SHOWN]:
        print(f"no upload: {upload}")
    for played_as, verdict in false[:SHOWN]:
        print(f"no alert: {verdict.verdict} {played_as or ''} {verdict.upload}")
    for row, uploads in found.items():
        if not uploads:
            print(f"not found: {row}")


if __name__ == "__main__":
    main()
