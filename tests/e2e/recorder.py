# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what comes in at the bridge's ports, with the kernel's times: what the services should have seen."""

import threading
from dataclasses import replace
from typing import Self

from appliance.capture.bpf import everything
from appliance.capture.frames import Packets
from appliance.capture.merge import Merge
from appliance.capture.ring import Ring
from appliance.clocks import Boot, read_clocks
from appliance.limits import FRAME_BYTES
from tests.e2e.house import House

_LOOK_S = 0.1


class Recorder:
    """Records from when it is entered until it is left."""

    def __init__(self, house: House, boot: Boot) -> None:
        clocks = read_clocks()
        self._ahead = clocks.boot + boot.anchor - clocks.wall  # steady time, less the wall clock's
        with house.bridge.inside():
            self._rings = [Ring(everything(FRAME_BYTES)) for _ in range(2)]
            for ring, port in zip(self._rings, ("port0", "port1"), strict=True):
                ring.bind(port)
        self._merge = Merge()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._record, daemon=True)

    def frames(self) -> Packets:
        """Return what was recorded, in steady time, once it is over."""
        assert [ring.drops().dropped for ring in self._rings] == [0, 0], "the recorder itself was too slow"
        for ring in self._rings:
            ring.close()
        return self._merge.finish()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.wait(_LOOK_S)  # the last block is handed over by then
        self._over.set()
        self._thread.join()

    def _record(self) -> None:
        while not self._over.wait(_LOOK_S):
            self._read()
        self._read()

    def _read(self) -> None:
        for ring in self._rings:
            packets = ring.read()
            if len(packets.at):
                self._merge.feed(replace(packets, time=packets.time + self._ahead))
