# SPDX-License-Identifier: GPL-2.0-or-later
"""Streams of pieces as speakers send them, made by hand; no capture is behind them."""

from collections.abc import Iterable, Iterator

from appliance.events import Device, Down, FlowFact, FlowKey, Named, Piece, PieceKind, Proof, Sighting, Upload
from appliance.rules import load_rules
from appliance.uploads import UploadFact, Watcher

RULES = load_rules(None)
ECHO = "74:c2:46:00:00:01"
VOICE = FlowKey(ECHO, "tcp", 40000, "52.94.235.50", 443)
QUIC = FlowKey("f4:f5:d8:00:00:02", "udp", 50000, "142.250.1.1", 443)


def speaker(device: str, vendor: str, rule: str) -> Device:
    """What the speakers' room would say of a device that it has recognised."""
    return Device(0.0, device, rule, vendor, None, None, 0.9, ("made by hand",))


def beat(start: float, seconds: float, length: int, every: float, flow: FlowKey = VOICE) -> Iterator[Piece]:
    """Yield pieces of one length at a fixed beat."""
    kind = PieceKind.DATAGRAM if flow.proto == "udp" else PieceKind.RECORD
    for number in range(int(seconds / every) + 1):
        yield Piece(start + number * every, flow, length, kind)


def dump(start: float, size: int, flow: FlowKey = VOICE, over: float = 0.3) -> Iterator[Piece]:
    """Yield ``size`` bytes in records of uneven length within ``over`` seconds: a pre-roll, a report, telemetry."""
    count = size // 1400
    for number in range(count):
        yield Piece(start + over * number / count, flow, 1385 + 2 * (number % 16), PieceKind.RECORD)


def command(start: float, seconds: float = 3.0, flow: FlowKey = VOICE) -> Iterator[Piece]:
    """Yield a spoken command: 17 kB of pre-roll, then Opus at 32 kbit/s."""
    yield from dump(start, 17_000, flow)
    yield from beat(start + 0.32, seconds - 0.32, 113, 0.0202, flow)


def named(host: str, flow: FlowKey = VOICE, by: Proof = Proof.SNI) -> Named:
    """Return the fact that ``flow`` is called ``host``."""
    return Named(0.0, flow, host, by)


def run(facts: Iterable[FlowFact | Device | Sighting], watcher: Watcher | None = None) -> list[UploadFact]:
    """Feed all facts to a watcher and return what it made of them, the end included."""
    watcher = watcher or Watcher(RULES)
    found: list[UploadFact] = []
    last = 0.0
    for fact in facts:
        found += watcher.feed(fact)
        last = fact.time
    return found + watcher.finish(last)


def completed(facts: Iterable[UploadFact]) -> list[Upload]:
    """Return the uploads that have ended."""
    return [fact for fact in facts if isinstance(fact, Upload) and fact.ended_at is not None]


def downstream(start: float, seconds: float, size: int, flow: FlowKey = VOICE) -> Iterator[Down]:
    """Yield downstream bins of ``size`` bytes each."""
    for number in range(round(seconds * 10)):
        yield Down(round(start + (number + 1) / 10, 1), flow, size)
