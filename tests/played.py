# SPDX-License-Identifier: GPL-2.0-or-later
"""A short play of the simulated household, and captures cut from it, for the tests of what reads captures."""

from collections.abc import Iterator
from pathlib import Path
from struct import pack

import numpy as np

from appliance.capture import open_capture
from appliance.capture.frames import Packets
from appliance.simulate.household import simulate
from appliance.simulate.scenario import DEMO_RATES, HOUSEHOLD, START, Scenario

MORNING = Scenario(
    days=0.05,
    seed=5,
    speakers=HOUSEHOLD[:3],
    start=START + 8 * 3600,
    rates={name: 20 * rate for name, rate in DEMO_RATES.items()} | {"others": 0.2, "music": 0.5, "updates": 0.0},
)


def play(folder: Path) -> Path:
    """Play a morning, 72 minutes in which much is said, into ``folder`` and return it."""
    simulate(MORNING, folder)
    return folder


def packets_of(path: Path) -> Packets:
    """Return all packets of a capture of one link type as one chunk."""
    with open_capture(path) as capture:
        chunks = list(capture)
    begins = np.cumsum([0, *(len(chunk.buffer) for chunk in chunks[:-1])])
    return Packets(
        np.concatenate([chunk.buffer for chunk in chunks]),
        np.concatenate([chunk.at + begin for chunk, begin in zip(chunks, begins, strict=True)]),
        np.concatenate([chunk.captured for chunk in chunks]),
        np.concatenate([chunk.wire for chunk in chunks]),
        np.concatenate([chunk.time for chunk in chunks]),
        chunks[0].link,
    )


def part(packets: Packets, first: int, last: int) -> Packets:
    """Return the packets numbered ``first`` to ``last`` - 1."""
    rows = slice(first, last)
    return Packets(
        packets.buffer, packets.at[rows], packets.captured[rows], packets.wire[rows], packets.time[rows], packets.link
    )


def pcap_bytes(packets: Packets) -> Iterator[bytes]:
    """Yield the bytes of a nanosecond pcap file: its header, then each packet."""
    yield pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, packets.link)
    columns = (packets.time, packets.at, packets.captured, packets.wire)
    for time, at, captured, wire in zip(*(column.tolist() for column in columns), strict=True):
        seconds, nanoseconds = divmod(time, 10**9)
        yield pack("<IIII", seconds, nanoseconds, captured, wire) + packets.buffer[at : at + captured].tobytes()
