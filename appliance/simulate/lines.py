# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON lines in time order, though they are told out of order."""

import heapq
import json
from typing import TextIO

Line = dict[str, object]


class Lines:
    """A file of JSON lines; each waits until nothing earlier can come."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: list[tuple[float, int, str]] = []
        self.told = 0

    def tell(self, time: float, line: Line) -> None:
        """Take one line that belongs at ``time``."""
        self.told += 1
        heapq.heappush(self._waiting, (time, self.told, json.dumps(line, separators=(",", ":"))))

    def flush(self, until: float) -> None:
        """Write every line that belongs before ``until``."""
        while self._waiting and self._waiting[0][0] < until:
            self._file.write(heapq.heappop(self._waiting)[2] + "\n")
