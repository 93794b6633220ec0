# SPDX-License-Identifier: GPL-2.0-or-later
"""Floods of devices, connections, names and nonsense: memory stays bounded, and real uploads are found all the same.

Some ten thousand frames, or as many as EARWITNESS_FLOOD says.
"""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from appliance.events import Service
from tests.e2e.conftest import MakeAppliance
from tests.e2e.flood import flood
from tests.e2e.house import House, memory, until
from tests.e2e.minute import Playing, arrive_and_talk, minute, simulated, soon
from tests.e2e.player import Chunk, Wire, play

FRAMES = int(os.environ.get("EARWITNESS_FLOOD", "60000"))
RATE = float(os.environ.get("EARWITNESS_RATE", "5000"))
MOST = 300 << 20  #: bytes of memory of the capture, as stated in bench/RESULTS.md


@pytest.mark.parametrize("watch", ["speakers", "everything"])
def test_a_flood(house: House, appliance: MakeAppliance, tmp_path: Path, watch: str) -> None:
    """A frame of each of many devices, five thousand a second: memory is bounded, the speakers' uploads are found."""
    seconds = FRAMES / RATE
    ours = appliance(watch=watch)
    talking = minute(simulated(tmp_path / "play", max(seconds, 12), arrive_and_talk))
    frames = flood(FRAMES, RATE)
    chunk = Chunk(frames, np.zeros(FRAMES, np.int64))
    ours.start(Service.CAPTURE, Service.HUB)
    begin = soon()
    happens = talking.moved(ours.steady(begin))
    with house.home.inside():
        wire = Wire("home")
    thread = threading.Thread(target=lambda: play([chunk], [wire], 1.0, begin + 4_000_000_000), daemon=True)
    thread.start()
    playing = Playing(happens, house.wires(), begin)
    sizes = [memory(ours.running[Service.CAPTURE].pid)]
    while thread.is_alive() or not playing.over:
        thread.join(1.0)
        sizes.append(memory(ours.running[Service.CAPTURE].pid))
    wire.close()
    late = playing.finish().late
    over = ours.steady(soon())
    until("the end of the flood", lambda: (told := ours.capture()) and told.covered_until > over)
    assert max(sizes) < MOST
    found = [
        any(u.flow.device == device and abs(u.started_at - start) < 0.3 + late for u in ours.uploads())
        for device, start in happens.truth
    ]
    assert all(found)
