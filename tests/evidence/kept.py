# SPDX-License-Identifier: GPL-2.0-or-later
"""Evidence of a whole capture, as the capture service would make it; for the tests of those who read it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from appliance.capture import parse
from appliance.capture.frames import Packets
from appliance.events import Correction, Upload
from appliance.evidence import Evidence
from appliance.observer import Observer
from appliance.rules import load_rules
from appliance.settings import EvidenceSettings
from appliance.sightings import Sightings
from tests.played import part

RULES = load_rules(None)
BOOT = "0b1c2d3e"
#: Everything may stay, however full the disk of the tests is.
ALL = EvidenceSettings(free_mb=0)


def collect(packets: Packets, folder: Path, settings: EvidenceSettings = ALL, offset: float = 0.0) -> list[Upload]:
    """Make evidence of all uploads of a capture as it is fed in pieces; return the uploads, completed."""
    observer = Observer(RULES, Sightings().feed)
    evidence = Evidence(folder, settings, observer.watcher.recollect, boot=BOOT, simulated=True, patient=True)
    evidence.watch(macs_of(packets))
    found: list[Upload] = []
    evidence.take([Correction(0.0, offset, synchronised=True)], float(packets.time[0]) / 1e9)
    for piece in pieces(packets):
        frames = parse(piece)
        evidence.feed(frames)
        facts = list(observer.feed(frames))
        evidence.take(facts, observer.now)
        found += [fact for fact in facts if isinstance(fact, Upload) and fact.ended_at is not None]
    last = list(observer.finish())
    evidence.take(last, observer.now)
    evidence.close()
    assert (evidence.problem, evidence.failed, evidence.missed) == ("", 0, 0)
    return found + [fact for fact in last if isinstance(fact, Upload)]


def settled(evidence: Evidence) -> None:
    """Wait until the thread has done what it was left."""
    done = threading.Event()
    evidence._do(done.set, wait=True)
    assert done.wait(30)


def pieces(packets: Packets, size: int = 500) -> Iterator[Packets]:
    """Cut a capture into pieces."""
    for first in range(0, len(packets.at), size):
        yield part(packets, first, first + size)


def macs_of(packets: Packets) -> set[int]:
    """Return the addresses of all devices that sent anything."""
    return set(np.unique(parse(packets).source).tolist()) - {0}
