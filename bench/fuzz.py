# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged frames and files through every parser: no exception but its own, none slow, memory flat.

    python -m bench.fuzz [--count 1000000] [--seed 1]

``--count`` frames go through all stages together, as many inputs through the parsers one by one, shared between them.
Prints a table in Markdown; ends with status 1 if any parser broke its word.
"""

import argparse
import gc
import io
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from appliance.capture import CaptureError, Fragments, Packets, open_capture, parse
from appliance.events import Glimpse
from appliance.flows import dns, hello, http, quic, tls
from appliance.judge.sounds import Sounds, SoundsError
from appliance.pipeline import Pipeline
from appliance.rules import load_rules
from appliance.sightings import Sightings
from bench.household import client_hello, traffic
from bench.mutations import captures, frames, mutated

SLOW = 1.0  #: seconds of CPU that no input may take
FLAT = 20.0  #: MB by which memory may grow in the second half, when most tables that have a bound have met it
BATCH = 250  #: frames that go through all stages together
LINKS = (1, 1, 1, 1, 1, 1, 1, 113, 276, 101, 0, 147)
SOUNDS = (
    b'{"type":"ear","ear":"mic","room":"kitchen"}\n{"type":"coverage","source":"mic","start":1.5,"end":9.25,"lost":0}\n',
    b'{"type":"wake","ear":"mic","time":3.25,"word":"alexa","score":0.97}\n{"type":"note","text":"simulated"}\n',
    b'{"type":"speech","ear":"mic","start":4.5,"end":6.5,"level":-31.5,"kind":"speech"}\n',
)


@dataclass
class Parser:
    """Something that takes any bytes, and what it may raise."""

    name: str
    feed: Callable[[bytes], object]
    seeds: Sequence[bytes]
    own: tuple[type[Exception], ...] = ()
    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0  #: seconds
    grown: float = 0.0  #: MB
    broken: list[str] = field(default_factory=list)

    def run(self, rng: random.Random, count: int, tick: Callable[[], object]) -> None:
        """Feed so many mutated inputs."""
        half = 0.0
        for number in range(count):
            if number == count // 2:
                half = memory()
            self.one(mutated(rng, self.seeds))
            tick()
        self.grown = memory() - half

    def one(self, data: bytes) -> None:
        """Feed one input."""
        begin = time.process_time()
        try:
            self.feed(data)
        except self.own:
            self.refused += 1
        except Exception:  # noqa: BLE001 - that is what is looked for
            self.broken.append(f"{traceback.format_exc()}\ninput: {data[:2000].hex()}")
        self.slowest = max(self.slowest, time.process_time() - begin)
        self.inputs += 1

    @property
    def good(self) -> bool:
        """Tell whether it kept its word."""
        return not self.broken and self.slowest <= SLOW and self.grown <= FLAT


class AllStages:
    """Everything from frames to verdicts, fed with batches of frames; one household, which never ends."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pipeline = Pipeline(load_rules(None))
        self._fragments = Fragments()
        self._waiting: list[bytes] = []
        self._time = 1_760_000_000_000_000_000

    def feed(self, frame: bytes) -> None:
        """Take a frame; with the last of a batch run them all."""
        self._waiting.append(frame)
        if len(self._waiting) == BATCH:
            batch, self._waiting = self._waiting, []
            for _ in self._pipeline.feed(parse(self._packets(batch), self._fragments)):
                pass

    def _packets(self, batch: Sequence[bytes]) -> Packets:
        captured = np.array([len(frame) for frame in batch], np.int64)
        steps = [self._rng.choice((1_000, 1_000_000, 20_000_000, 20_000_000, -5_000_000)) for _ in batch]
        times = self._time + np.cumsum(np.array(steps, np.int64))
        self._time = int(times[-1])
        return Packets(
            buffer=np.frombuffer(b"".join(batch), np.uint8),
            at=np.cumsum(captured) - captured,
            captured=captured,
            wire=captured + self._rng.choice((0, 0, 0, 1000)),
            time=times,
            link=self._rng.choice(LINKS),
        )


def parsers(rng: random.Random) -> Iterator[Parser]:
    """Yield every parser with sound inputs of its kind."""
    sound = frames()
    payloads = [frame[42:] for frame in sound if frame[23:24] == b"\x11"]
    initials = [frame[42:] for _, frame in islice(traffic(seed=5), 3000) if len(frame) == 1242]
    hellos = [client_hello(name) for name in ("a.example", "very." * 40 + "long.example")]
    requests = [b"GET /x HTTP/1.1\r\nHost: example.net:80\r\nAccept: */*\r\n\r\n"]
    yield Parser("all stages, by frames", AllStages(rng).feed, sound)
    yield Parser("capture files", _read_file, captures(), (CaptureError,))
    yield Parser("sightings (DHCP, mDNS, SSDP)", _sightings(), sound[-9:])
    yield Parser("DNS", dns.read, [each for each in payloads if len(each) < 300])
    yield Parser("ClientHello", _server_name, hellos, (hello.NotHelloError, hello.UnfinishedError))
    yield Parser("QUIC Initials", lambda data: quic.QuicIntroduction().feed(data), initials or payloads)
    yield Parser("TLS records", lambda data: tls.Records().feed(data), hellos)
    yield Parser("HTTP", http.host, requests)
    yield Parser(
        "sounds file", lambda data: list(Sounds(io.BytesIO(data))), [b"".join(SOUNDS), *SOUNDS], (SoundsError,)
    )


def _read_file(content: bytes) -> None:
    fragments = Fragments()
    for packets in open_capture(io.BytesIO(content)):
        parse(packets, fragments)


def _server_name(stream: bytes) -> None:
    hello.server_name(hello.handshake(stream))


def _sightings() -> Callable[[bytes], object]:
    sightings = Sightings()
    return lambda frame: sightings.feed(Glimpse(1.0, "02:00:00:00:01:01", 1, frame))


def memory() -> float:
    """Return this process's resident memory in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


def table(done: Iterable[Parser]) -> None:
    """Print what came of it."""
    print(
        "| parser | inputs | refused | slowest, ms | later growth, MB | broken |\n| --- | --- | --- | --- | --- | --- |"
    )
    for each in done:
        figures = f"{each.slowest * 1e3:.1f} | {each.grown:.1f} | {len(each.broken)}"
        print(f"| {each.name} | {each.inputs:,} | {each.refused:,} | {figures} |")


def main() -> None:
    """Fuzz, and say what came of it."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    rng = random.Random(chosen.seed)
    found = list(parsers(rng))
    with Progress(console=Console(stderr=True)) as progress:
        for number, each in enumerate(found):
            count = chosen.count if number == 0 else chosen.count // (len(found) - 1)
            task = progress.add_task(each.name, total=count)
            each.run(rng, count, lambda task=task: progress.advance(task))  # type: ignore[misc]
    table(found)
    for each in found:
        for story in each.broken[:3]:
            print(f"\n{each.name}:\n{story}", file=sys.stderr)
    sys.exit(not all(each.good for each in found))


if __name__ == "__main__":
    main()
