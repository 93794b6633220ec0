# SPDX-License-Identifier: GPL-2.0-or-later
"""How well uploads are recognised in real captures, beside two published or obvious rules.

    python -m bench.detect [FOLDER]

FOLDER (default ``../shared/corpus``) holds captures and ``labels.csv``. Prints a table in Markdown.

What is varied: the flow known as a voice flow beforehand or not; each labelled upload cut off after its first seconds;
Wi-Fi stalls (Poisson, uniform to 300 ms) in which pieces wait and then come at once.
"""

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import track

from appliance.capture import open_capture, parse
from appliance.events import FlowFact, FlowKey, Named, Piece, Proof, Upload
from appliance.flows import Flows
from appliance.rules import load_rules
from appliance.uploads import Watcher

RULES = load_rules(None)
VOICE_HOST = "avs-alexa-4-na.amazon.com"
PETS_BYTES_PER_S = 12_172  # Echo threshold of "When Speakers Are All Ears" (PETS 2020), as coded
PETS_MERGE_S = 5.0
BURST_BYTES = 20_000


class Row(NamedTuple):
    """One labelled burst, in seconds since the epoch."""

    start: float
    end: float
    remote: str
    label: str


class Found(NamedTuple):
    """What a rule calls an upload."""

    start: float
    end: float
    known_at: float


@dataclass(slots=True)
class Real:
    """A capture with its labels, its flow facts and its upstream frames to port 443."""

    name: str
    rows: list[Row] = field(default_factory=list)
    facts: list[FlowFact] = field(default_factory=list)
    upstream: list[tuple[float, int]] = field(default_factory=list)  # time, bytes of the frame

    @property
    def voice_flows(self) -> set[FlowKey]:
        """The flows that carry labelled voice."""
        remotes = {row.remote for row in self.rows if row.label == "voice"}
        return {fact.flow for fact in self.facts if isinstance(fact, Piece) and fact.flow.remote in remotes}


def read(path: Path, name: str, labels: Iterable[dict[str, str]]) -> Real:
    """Read one capture and its labels."""
    real, flows, begin = Real(name), Flows(), 0.0
    with open_capture(path) as capture:
        for batch in capture:
            begin = begin or float(batch.time[0]) / 1e9
            frames = parse(batch)
            real.facts += flows.feed(frames)
            up = (frames.target_port == 443) & (frames.protocol == 6)
            times, sizes = batch.time[up] / 1e9, batch.wire[up]
            real.upstream += zip(times.tolist(), sizes.tolist(), strict=True)
    real.facts += flows.finish()
    for label in labels:
        start = begin + float(label["start_s"])
        real.rows.append(Row(start, start + float(label["duration_s"]), label["remote_ip"], label["label"]))
    return real


def earwitness(facts: Iterable[FlowFact]) -> list[Found]:
    """Return what the detectors find."""
    watcher, uploads, now = Watcher(RULES), [], 0.0
    for fact in facts:
        uploads += watcher.feed(fact)
        now = max(now, fact.time)
    uploads += watcher.finish(now)
    return [
        Found(upload.started_at, upload.ended_at, upload.known_at)
        for upload in uploads
        if isinstance(upload, Upload) and upload.ended_at is not None
    ]


def known(real: Real, facts: Sequence[FlowFact]) -> list[FlowFact]:
    """Put before the facts what a registry would remember: the names of the voice flows."""
    return [*(Named(0.0, flow, VOICE_HOST, Proof.DNS) for flow in sorted(real.voice_flows)), *facts]


def cut(real: Real, seconds: float) -> list[FlowFact]:
    """Drop what each labelled upload sent after its first ``seconds``."""
    spans = [(row.start + seconds, row.end + 0.01, row.remote) for row in real.rows if row.label.startswith("voice")]

    def kept(fact: FlowFact) -> bool:
        return not isinstance(fact, Piece) or not any(
            start < fact.time <= end and fact.flow.remote == remote for start, end, remote in spans
        )

    return [fact for fact in real.facts if kept(fact)]


def stalled(real: Real, per_second: float) -> list[FlowFact]:
    """Let pieces wait for the end of random stalls, as on a busy Wi-Fi."""
    chance = random.Random(real.name)
    begin, end = real.facts[0].time, real.facts[-1].time
    edges = [begin]
    while edges[-1] < end:
        start = edges[-1] + chance.expovariate(per_second)
        edges += [start, start + chance.uniform(0, 0.3)]
    stalls = np.array(edges)

    def late(fact: FlowFact) -> FlowFact:
        at = int(np.searchsorted(stalls, fact.time))
        inside = isinstance(fact, Piece) and at < len(stalls) and at % 2 == 0 and at > 0
        return fact._replace(time=float(stalls[at])) if inside else fact

    return sorted((late(fact) for fact in real.facts), key=lambda fact: fact.time)


def byte_threshold(real: Real) -> list[Found]:
    """Return the uploads of the PETS 2020 rule: seconds above a byte count, merged within five."""
    seconds: dict[int, int] = defaultdict(int)
    for time, size in real.upstream:
        seconds[int(time)] += size
    found: list[Found] = []
    for second in sorted(second for second, size in seconds.items() if size > PETS_BYTES_PER_S):
        if found and second - found[-1].end <= PETS_MERGE_S:
            found[-1] = found[-1]._replace(end=second + 1.0)
        else:
            found.append(Found(second, second + 1.0, second + 1.0))
    return found


def burst_rule(real: Real) -> list[Found]:
    """Return the uploads of the obvious rule: any burst of 20 kB upstream on one flow."""
    bursts: dict[FlowKey, list[Piece]] = defaultdict(list)
    found: list[Found] = []

    def close(pieces: list[Piece]) -> None:
        sizes = np.cumsum([piece.length for piece in pieces])
        if len(sizes) and sizes[-1] >= BURST_BYTES:
            crossed = pieces[int(np.argmax(sizes >= BURST_BYTES))]
            found.append(Found(pieces[0].time, pieces[-1].time, crossed.time))
        pieces.clear()

    for fact in real.facts:
        if isinstance(fact, Piece):
            pieces = bursts[fact.flow]
            if pieces and fact.time - pieces[-1].time > 1.0:
                close(pieces)
            pieces.append(fact)
    for pieces in bursts.values():
        close(pieces)
    return found


def score(name: str, reals: Sequence[Real], rule: Callable[[Real], list[Found]]) -> Iterator[str]:
    """Yield the cells of one row of the table."""
    hit = total = false = 0
    offsets, delays = [], []
    for real in reals:
        found = rule(real)
        voice = [row for row in real.rows if row.label == "voice"]
        total += len(voice)
        for row in voice:
            overlapping = [each for each in found if each.start <= row.end and each.end >= row.start]
            hit += bool(overlapping)
            if overlapping:
                offsets.append(abs(overlapping[0].start - row.start))
                delays.append(overlapping[0].known_at - row.start)
        excused = [row for row in real.rows if row.label.startswith("voice")]
        false += sum(not any(each.start <= row.end and each.end >= row.start for row in excused) for each in found)
    yield name
    yield f"{hit} of {total} ({hit / total:.1%})"
    yield str(false)
    yield f"{np.mean(np.array(offsets) <= 0.6):.1%}"
    yield f"{np.percentile(delays, 50):.2f} s"
    yield f"{np.percentile(delays, 95):.2f} s"


def cases() -> Iterator[tuple[str, Callable[[Real], list[Found]]]]:
    """Yield every row of the table: its name and how it finds uploads."""
    yield "Earwitness, flow unknown", lambda real: earwitness(real.facts)
    yield "Earwitness, flow known", lambda real: earwitness(known(real, real.facts))
    for seconds in (0.75, 1.0, 1.5, 2.0):
        yield f"… known, first {seconds} s only", lambda real, s=seconds: earwitness(known(real, cut(real, s)))  # type: ignore[misc]
        yield f"… unknown, first {seconds} s only", lambda real, s=seconds: earwitness(cut(real, s))  # type: ignore[misc]
    for rate in (0.5, 2.0):
        yield f"… unknown, {rate} stalls a second", lambda real, r=rate: earwitness(stalled(real, r))  # type: ignore[misc]
    yield f"{PETS_BYTES_PER_S:,} B/s (PETS 2020)", byte_threshold
    yield f"any burst of {BURST_BYTES // 1000} kB", burst_rule


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/corpus")
    labels: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            labels[row["capture"]].append(row)
    console = Console(stderr=True)
    reals = [read(folder / name, name, labels[name]) for name in track(sorted(labels), "reading", console=console)]
    print("| rule | voice found | false | start within 0.6 s | known after, p50 | p95 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, rule in track(list(cases()), "judging", console=console):
        print("| " + " | ".join(score(name, reals, rule)) + " |")


if __name__ == "__main__":
    main()
