# SPDX-License-Identifier: GPL-2.0-or-later
"""Talk that is only measured with: nothing of it, and nothing that has learnt from it, is passed on.

English: what actors say in a game, beneath-a-steel-sky (free to pass on; its sound is packed as ProPack of 1991 does).
Dutch and Czech: fillets-ng-data (GPL-2.0). All are Debian's, fetched to the folder of bench.bank.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np

from appliance.ears.augment import Sound
from bench.bank import decoded, fetched
from bench.voices import at_rate

GAME = "beneath-a-steel-sky"
OTHERS = ("fillets-ng-data-nl", "fillets-ng-data-cs")
_LINES = range(50_000, 56_000)  #: numbers of the game's files that are spoken lines
_RATE = 11_025
_HEADER = 22  #: bytes before what is packed
_SHORTEST_S = 0.4

#: length in bits -> code, the first of its bits lowest -> what it stands for
_Table: TypeAlias = dict[int, dict[int, int]]


def dialogue(folder: Path) -> dict[str, Iterator[Sound]]:
    """Return what is said, line by line, in each of the packages."""
    spoken = {name: decoded(sorted((fetched(folder, name)).rglob("*.ogg"))) for name in OTHERS}
    return {GAME: _lines(fetched(folder, GAME)), **spoken}


def _lines(package: Path) -> Iterator[Sound]:
    (index,), (disk,) = package.rglob("sky.dnr"), package.rglob("sky.dsk")
    listed, whole = np.frombuffer(index.read_bytes()[4:], np.uint8).reshape(-1, 8).astype(int), disk.read_bytes()
    for entry in listed:
        start = entry[2] | entry[3] << 8 | (entry[4] & 0x7F) << 16
        start <<= 4 if entry[4] & 0x80 else 0
        size = entry[5] | entry[6] << 8 | (entry[7] & 0x3F) << 16
        packed = whole[start + _HEADER : start + size]
        if entry[0] | entry[1] << 8 in _LINES and packed.startswith(b"RNC\1"):
            sound = (np.frombuffer(_Packed(packed).whole(), np.uint8) - 128.0) / 128
            if sound.size > _SHORTEST_S * _RATE:
                yield at_rate(sound, _RATE)


class _Packed:
    """One packed file: in blocks, bytes as they are in turn with pieces of what came before, by three Huffman codes."""

    def __init__(self, data: bytes) -> None:
        self._size, self._blocks = int.from_bytes(data[4:8], "big"), data[17]
        self._data = data + bytes(4)
        self._at, self._bits, self._count = 18, 0, 0
        self._more()
        self._take(2)

    def whole(self) -> bytes:
        """Return what was packed."""
        out = bytearray()
        for _ in range(self._blocks):
            literal, back, length = self._table(), self._table(), self._table()
            for left in range(self._take(16), 0, -1):
                out += self._literals(self._value(literal))
                if left > 1:
                    self._again(out, self._value(back) + 1, self._value(length) + 2)
        return bytes(out[: self._size])

    @staticmethod
    def _again(out: bytearray, back: int, length: int) -> None:
        """Append what lies so far ``back``; it may reach into itself."""
        piece = out[len(out) - back :][:length]
        out += (piece * (length // back + 1))[:length]

    def _literals(self, count: int) -> bytes:
        """Return bytes as they are, and go on with bits after them."""
        if not count:
            return b""
        start = self._at - 2  # the last sixteen bits lie behind them
        self._at = start + count
        self._count -= 16
        self._bits &= (1 << self._count) - 1
        self._more()
        return self._data[start : start + count]

    def _more(self) -> None:
        self._bits |= int.from_bytes(self._data[self._at : self._at + 2], "little") << self._count
        self._at += 2
        self._count += 16

    def _take(self, count: int) -> int:
        found = self._bits & ((1 << count) - 1)
        self._bits >>= count
        self._count -= count
        if self._count < 16:
            self._more()
        return found

    def _table(self) -> _Table:
        lengths = [self._take(4) for _ in range(self._take(5))]
        table: _Table = {}
        code = 0
        for length in range(1, 17):
            for value in (at for at, each in enumerate(lengths) if each == length):
                table.setdefault(length, {})[int(f"{code:0{length}b}"[::-1], 2)] = value
                code += 1
            code <<= 1
        return table

    def _value(self, table: _Table) -> int:
        length = next(each for each, codes in table.items() if self._bits & ((1 << each) - 1) in codes)
        value = table[length][self._take(length)]
        return value if value < 2 else 1 << (value - 1) | self._take(value - 1)
