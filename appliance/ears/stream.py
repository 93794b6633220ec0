# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw samples of one run of a microphone, as they are fetched, to blocks of sound in steady time. Pure."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance.ears.block import Block
from appliance.ears.engine import RATE, Samples
from appliance.ears.resample import Resampler
from appliance.limits import BLOCK_S, DRIFT_LEAST_S, DRIFT_MOST_S, DRIFT_S

_BLOCK = round(BLOCK_S * RATE)


class Form(NamedTuple):
    """How samples are coded."""

    rate: int = RATE
    channels: int = 1
    channel: int | None = None  #: the one that is heard, from 0 on; None for the mean of all
    bytes: int = 2  #: of one sample: 2 or 4, whole numbers, the lowest byte first

    @property
    def frame_bytes(self) -> int:
        """Bytes of all channels' samples of one moment."""
        return self.channels * self.bytes


class Stream:
    """Counts samples to know their time, and holds the count to the clock.

    Nobody knows how long samples waited before they were fetched, only that it was not less than nothing: the least
    delay of the last seconds is that of samples fetched at once. A sound card's clock is off by some seconds a day, so
    now and then a single sample is doubled or left out, and time goes on without a step. What is too far off for that
    is told as lost.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._resampler = Resampler(form.rate)
        self._rest = b""
        self._fetched = self._made = 0  #: frames that came, samples that were made of them
        self._lost_s = 0.0
        self._starts: deque[tuple[float, float]] = deque()  #: (when, the first sample's moment by then), rising
        self._next: float | None = None  #: when the next block begins

    def feed(self, raw: bytes, now: float, lost_s: float = 0.0) -> Iterator[Block]:
        """Take what was fetched at ``now``; ``lost_s``: so much was lost since the last time, by the driver's word."""
        whole = self._rest + raw
        size = len(whole) // self._form.frame_bytes * self._form.frame_bytes
        self._rest = whole[size:]
        self._fetched += size // self._form.frame_bytes
        self._lost_s += lost_s
        samples = self._samples(whole[:size])
        off = self._off(now, lost_s)
        self._made += samples.size
        if abs(off) <= DRIFT_MOST_S:
            yield from self._blocks(_nudged(samples, off), lost_s)
        else:
            yield from self._blocks(samples, lost_s + off)

    def _samples(self, raw: bytes) -> Samples:
        coded = np.frombuffer(raw, f"<i{self._form.bytes}").reshape(-1, self._form.channels)
        if self._form.channel is not None:
            coded = coded[:, self._form.channel : self._form.channel + 1]
        if self._form.rate == RATE and self._form.bytes == 2 and coded.shape[1] == 1:
            return coded[:, 0].astype(np.int16)
        floats: NDArray[np.float64] = coded / 2.0 ** (8 * self._form.bytes - 1)
        return self._resampler.feed(floats)

    def _off(self, now: float, lost_s: float) -> float:
        """Return by how many seconds the next block is earlier than the clock says, beside what was lost just now."""
        start = now - self._fetched / self._form.rate - self._lost_s
        while self._starts and self._starts[-1][1] >= start:
            self._starts.pop()
        self._starts.append((now, start))
        while self._starts[0][0] < now - DRIFT_S:
            self._starts.popleft()
        clock = self._starts[0][1] + self._lost_s + self._made / RATE
        if self._next is None:
            self._next = clock - lost_s
        return clock - self._next - lost_s

    def _blocks(self, samples: Samples, lost_s: float) -> Iterator[Block]:
        """Yield ``samples`` as blocks, the first of them so much later; earlier, if it is negative."""
        self._next = (self._next or 0.0) + lost_s
        lost = max(0, round(lost_s * RATE))
        for first in range(0, samples.size, _BLOCK):
            block = Block(self._next, samples[first : first + _BLOCK], lost)
            yield block
            self._next, lost = block.ended_at, 0


def _nudged(samples: Samples, off: float) -> Samples:
    """Return ``samples`` with the last one doubled, or left out, if they are off their time."""
    if abs(off) < DRIFT_LEAST_S or samples.size < 2:
        return samples
    return np.append(samples, samples[-1]) if off > 0 else samples[:-1]
