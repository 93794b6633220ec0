# SPDX-License-Identifier: GPL-2.0-or-later
"""A sliding window of bytes in fixed bins: what the steady, flush, volume and media detectors look at."""

from math import inf


class Bins:
    """The bytes (and pieces) of the last ``width`` bins of ``bin_s`` seconds; empty bins are not kept."""

    __slots__ = ("_bins", "bin_s", "pieces", "total", "width")

    def __init__(self, bin_s: float, width: int) -> None:
        self.bin_s = bin_s
        self.width = width
        self.total = 0  #: bytes in the window
        self.pieces = 0  #: pieces in the window
        self._bins: list[list[int]] = []  # [number, bytes, pieces]; few, so that a deque would only be ten times as big

    def add(self, time: float, size: int) -> int:
        """Count ``size`` bytes at ``time`` and return the number of its bin."""
        number = int(time / self.bin_s + 1e-6)
        bins = self._bins
        if not bins or bins[-1][0] < number:
            bins.append([number, 0, 0])
            while bins[0][0] <= number - self.width:
                _, gone, pieces = bins.pop(0)
                self.total -= gone
                self.pieces -= pieces
        bins[-1][1] += size
        bins[-1][2] += 1
        self.total += size
        self.pieces += 1
        return number

    def clear(self) -> None:
        """Forget everything."""
        self._bins.clear()
        self.total = self.pieces = 0

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

    def between(self, first: float, last: float) -> int:
        """Bytes in the bins numbered ``first`` to ``last``, both included."""
        return sum(size for number, size, _ in self._bins if first <= number <= last)

    def filled(self, first: int, most: float = inf) -> int:
        """How many bins from number ``first`` on hold something, but no more than ``most`` bytes."""
        return sum(size <= most for number, size, _ in self._bins if number >= first)
