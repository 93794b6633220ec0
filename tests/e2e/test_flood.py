# SPDX-License-Identifier: GPL-2.0-or-later
"""Floods of devices, connections, names and nonsense: memory stays bounded, and real uploads are found all the same.

Some ten thousand frames, or as many as EARWITNESS_FLOOD says.
"""

import os
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from appliance.events import Service, Upload
from appliance.ledger.rows import COVERAGES
from appliance.limits import REGISTRY_DEVICES
from appliance.speakers import RegistryReader
from appliance.speakers.registry import Registry
from tests.e2e.conftest import MakeAppliance
from tests.e2e.flood import flood
from tests.e2e.house import House, memory, until
from tests.e2e.minute import Playing, arrive_and_talk, minute, simulated, soon
from tests.e2e.player import Chunk, Wire, play

FRAMES = int(os.environ.get("EARWITNESS_FLOOD", "14000"))
RATE = float(os.environ.get("EARWITNESS_FLOOD_RATE", "2000"))  # frames a second
SECONDS = max(FRAMES / RATE, 10.0)
MOST = 220 << 20  #: bytes of memory of the capture: after a million devices it had 190 MB
BEFORE_S, KNOWN_S = 1.0, 4.0  # frames lost within this time of an upload's begin excuse that it was not found


@pytest.mark.parametrize("watch", ["speakers", "everything"])
def test_a_flood(house: House, appliance: MakeAppliance, tmp_path: Path, watch: str) -> None:
    """Thousands of devices a second, one frame each: memory is bounded, and the speakers' uploads are found."""
    talking = minute(simulated(tmp_path / "play", SECONDS, arrive_and_talk))
    frames = Chunk(flood(FRAMES, RATE), np.zeros(FRAMES, np.int64))
    ours = appliance(watch=watch)
    speakers = {device for device, _ in talking.truth}
    with closing(Registry(ours.settings.paths.registry, 0.0)) as registry:
        for device in speakers:
            registry.correct(device, {"status": "confirmed"})
    ours.start(Service.CAPTURE, Service.HUB)
    begin = soon()
    happens = talking.moved(ours.steady(begin))
    flooding = Flooding(house, frames, begin)
    playing = Playing(happens, house.wires(), begin)
    sizes: list[int] = []
    while flooding.goes_on() or not playing.over:
        sizes.append(memory(ours.running[Service.CAPTURE].pid))
    late = playing.finish().late
    over = ours.steady(soon())
    until("the end of the flood", lambda: (told := ours.capture()) and told.covered_until > over)
    assert ours.end(Service.CAPTURE)[0] == 0
    told = ours.capture()
    assert told is not None
    (tmp_path / "sizes").write_text(f"{[size >> 20 for size in sizes]} {told.packets} {told.lost} {told.shed}\n")
    assert max(sizes) < MOST
    assert len(told.last_seen) <= REGISTRY_DEVICES + len(speakers)
    lost = [stretch for stretch in ours.facts(COVERAGES[Service.CAPTURE]) if stretch.lost]
    missed = [
        (device, start)
        for device, start in happens.truth
        if not any(near(upload, device, start, late) for upload in ours.uploads())
        and not any(each.time < start + KNOWN_S and each.ended_at > start - BEFORE_S for each in lost)
    ]
    assert missed == []
    assert len(ours.uploads()) >= 1
    assert ours.end(Service.HUB)[0] == 0
    reader = RegistryReader(ours.settings.paths.registry)
    assert reader.changed()
    assert len(reader.inventory.devices) <= REGISTRY_DEVICES + len(speakers)
    assert speakers <= {each.mac for each in reader.inventory.devices if each.watched}


def near(upload: Upload, device: str, start: float, late: float) -> bool:
    """Say whether it is the upload that a device began then."""
    return upload.flow.device == device and abs(upload.started_at - start) <= 0.2 + late


class Flooding:
    """A flood that begins some seconds after the play, when the speakers have shown themselves."""

    def __init__(self, house: House, frames: Chunk, begin: int) -> None:
        self._frames = frames
        with house.home.inside():
            self._wire = Wire("home")
        self._thread = threading.Thread(target=self._flood, args=(begin + 3_000_000_000,), daemon=True)
        self._thread.start()

    def goes_on(self) -> bool:
        """Wait a little; say whether there is more to come."""
        self._thread.join(0.5)
        return self._thread.is_alive()

    def _flood(self, begin: int) -> None:
        with self._wire:
            play([self._frames], [self._wire], 1.0, begin)
