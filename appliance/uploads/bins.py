# SPDX-License-Identifier: GPL-2.0-or-later
"""A sliding window of bytes in fixed bins: what the steady, flush, volume and media detectors look at."""

from collections import deque
from math import inf


class Bins:
    """The bytes (and pieces) of the last ``width`` bins of ``bin_s`` seconds; empty bins are not kept."""

    def __init__(self, bin_s: float, width: int) -> None:
        self.bin_s = bin_s
        self.width = width
        self._bins: deque[list[int]] = deque()  # [number, bytes, pieces]

    def add(self, time: float, size: int) -> int:
        """Count ``size`` bytes at ``time`` and return the number of its bin."""
        number = int(time / self.bin_s + 1e-6)
        if not self._bins or self._bins[-1][0] < number:
            self._bins.append([number, 0, 0])
        self._bins[-1][1] += size
        self._bins[-1][2] += 1
        while self._bins[0][0] <= number - self.width:
            self._bins.popleft()
        return number

    def clear(self) -> None:
        """Forget everything."""
        self._bins.clear()

    def __len__(self) -> int:
        """Return how many bins hold something."""
        return len(self._bins)

    @property
    def since(self) -> float:
        """When the oldest bin that holds something began."""
        return self._bins[0][0] * self.bin_s

    @property
    def last(self) -> int:
        """Number of the newest bin that holds something."""
        return self._bins[-1][0]

    @property
    def sizes(self) -> list[int]:
        """Bytes per bin that holds something, oldest first."""
        return [size for _, size, _ in self._bins]

    @property
    def pieces(self) -> int:
        """How many pieces the window holds."""
        return sum(pieces for _, _, pieces in self._bins)

    def total(self, first: int | None = None, last: int | None = None) -> int:
        """Bytes in the bins numbered ``first`` to ``last``, both included."""
        return sum(
            size
            for number, size, _ in self._bins
            if (first is None or number >= first) and (last is None or number <= last)
        )

    def filled(self, first: int, most: float = inf) -> int:
        """How many bins from number ``first`` on hold something, but no more than ``most`` bytes."""
        return sum(size <= most for number, size, _ in self._bins if number >= first)
