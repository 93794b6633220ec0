# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the records of a capture file begin: each says its own length, so they form a chain.

One step of Python for each record would be the dearest part of reading. So a window is cut into parts, in each a begin
of a record is guessed, and numpy takes one step of all these chains at once. No guess is trusted: where a chain does
not end exactly where the next one was guessed to begin, the true one is followed step by step from there. So the answer
is always that of the single steps.
"""

import re
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

import numpy as np

from appliance.capture.frames import I64, U8, U32

_PARTS = 128
_PART_BYTES = 16 << 10  # shorter parts are not worth their guess
_GUESS_BYTES = 4096  # longer than two frames on Ethernet
_FEW = 12  # chains that are followed faster one by one
_STRIDE = 16  # steps between two looks at which chains have ended

Rows = np.ndarray[tuple[int], np.dtype[np.void]]


@dataclass(frozen=True, slots=True)
class Chain:
    """How a record tells where the next begins: ``header`` bytes on, and as many as the number at ``length_at``."""

    order: str  #: "<" or ">"
    length_at: int
    header: int  #: bytes that the length does not count
    least: int  #: a record with a smaller length is taken to have this one
    sign: re.Pattern[bytes]  #: what a record has at ``sign_at`` and other bytes hardly ever do; never more than a hint
    sign_at: int

    @property
    def head(self) -> int:
        """Bytes of a record that must be there to tell its length."""
        return max(self.header, self.length_at + 4)


class Walked(NamedTuple):
    """The begins of the records that lie in a window as a whole, and where the first one begins that does not."""

    at: I64
    end: int


def walk(window: U8, start: int, end: int, chain: Chain) -> Walked:
    """Return where records begin in ``window[start:end]``, following their lengths from ``start``."""
    begins = _guesses(window, start, end, chain)
    pieces, position = _together(window, begins, end, chain) if len(begins) > _FEW else ([], start)
    rest, position = _singly(window, position, end - chain.head + 1, chain)
    at = np.concatenate([*pieces, rest])
    if position > end:
        return Walked(at[:-1], int(at[-1]))
    return Walked(at, position)


def rows(buffer: U8, at: I64, layout: np.dtype[np.void]) -> Rows:
    """Return one record of ``layout`` for each position in ``at``; each must lie in the buffer as a whole."""
    size = layout.itemsize
    everywhere: Rows = np.ndarray((max(len(buffer) - size + 1, 0),), f"V{size}", buffer, strides=(1,))
    return everywhere[at].view(layout)


def _singly(window: U8, position: int, stop: int, chain: Chain) -> tuple[I64, int]:
    """Follow one chain until it is at ``stop`` or behind it; return the records' begins and where it is."""
    at: list[int] = []
    unpack, view = Struct(chain.order + "I").unpack_from, window.data
    length_at, header, least = chain.length_at, chain.header, chain.least
    while position < stop:
        at.append(position)
        (length,) = unpack(view, position + length_at)
        position += header + (length if length > least else least)  # noqa: FURB136 - max() would take as long as all the rest
    return np.array(at, np.int64), position


def _guesses(window: U8, start: int, end: int, chain: Chain) -> list[int]:
    """Return ``start`` and, spread over the window, where records seem to begin."""
    view, search = window.data, chain.sign.search
    part = max((end - start) // _PARTS, _PART_BYTES)
    signs = (search(view, begin, begin + _GUESS_BYTES) for begin in range(start + part, end - _GUESS_BYTES, part))
    return [start, *(sign.start() - chain.sign_at for sign in signs if sign)]


def _together(window: U8, begins: list[int], end: int, chain: Chain) -> tuple[list[I64], int]:
    """Follow the chains from all ``begins``; return the pieces of the one from the first, and where they end."""
    stops = np.array([*begins[1:], end - chain.head + 1])
    steps = _steps(window, np.array(begins), stops, chain)
    counts = np.minimum((steps < stops).sum(axis=0), len(steps) - 1)
    pieces: list[I64] = []
    position = begins[0]
    for number, (count, begin, stop) in enumerate(zip(counts.tolist(), begins, stops.tolist(), strict=True)):
        if position != begin:
            break
        pieces.append(steps[:count, number])
        position = int(steps[count, number])
        if position < stop:
            rest, position = _singly(window, position, stop, chain)
            pieces.append(rest)
    return pieces, position


def _steps(window: U8, begins: I64, stops: I64, chain: Chain) -> I64:
    """Follow all chains until but a few have reached their stop; return where they were, a row for each step.

    A chain that has reached its stop runs on, inside the window, since leaving it out would cost more than that.
    """
    count = int(stops[-1])
    lengths: U32 = np.ndarray((count,), chain.order + "u4", window, offset=chain.length_at, strides=(1,))
    taken, position = [begins], begins
    while np.count_nonzero(position < stops) > _FEW:
        for _ in range(_STRIDE):
            length = lengths[np.minimum(position, count - 1)]
            if chain.least:
                length = np.maximum(length, chain.least)
            position = position + length + chain.header
            taken.append(position)
    return np.stack(taken)
