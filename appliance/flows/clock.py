# SPDX-License-Identifier: GPL-2.0-or-later
"""The time of frames: never backwards, but when the capture's clock was set anew."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from appliance import limits
from appliance.capture.frames import I64, Frames, Packets

_STEP = int(limits.CLOCK_STEP * 1_000_000)


class Clock:
    """Reads the time from frames. Small steps back are frames out of order: they get the time of the one before."""

    def __init__(self) -> None:
        self.now = 0  #: us since the epoch, of the last frame
        self.steps = 0  #: how often the clock was set back
        self._since = limits.CLOCK_STEP_FRAMES  # frames since then

    def read(self, frames: Frames) -> Iterator[tuple[Frames, I64, bool]]:
        """Yield the frames in parts of steady time: part, its times in us, and if the clock was set back before it."""
        raw = frames.packets.time // 1000
        begin, stepped = 0, False
        while begin < len(frames):
            times = np.maximum.accumulate(np.maximum(raw[begin:], raw[begin] if stepped else self.now))
            back = np.flatnonzero(raw[begin:] < times - _STEP)
            back = back[back + self._since >= limits.CLOCK_STEP_FRAMES]
            length = int(back[0]) if len(back) else len(times)
            if length:
                self.now = int(times[length - 1])
                yield _part(frames, begin, begin + length), times[:length], stepped
            begin += length
            self._since += length
            stepped = len(back) > 0
            if stepped:
                self.steps += 1
                self._since = 0


def _part(frames: Frames, begin: int, end: int) -> Frames:
    """Return some rows of a chunk."""
    if end - begin == len(frames):
        return frames
    rows = slice(begin, end)
    packets = frames.packets
    columns = {field.name: getattr(frames, field.name)[rows] for field in fields(frames) if field.name != "packets"}
    return Frames(
        packets=Packets(
            packets.buffer,
            packets.at[rows],
            packets.captured[rows],
            packets.wire[rows],
            packets.time[rows],
            packets.link,
        ),
        **columns,
    )
