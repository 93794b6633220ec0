# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the records of a capture file begin: each says its own length, so they form a chain."""

from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

import numpy as np

from appliance.capture.frames import I64, U8


@dataclass(frozen=True, slots=True)
class Chain:
    """How a record tells where the next begins: ``header`` bytes on, and as many as the number at ``length_at``."""

    order: str  #: "<" or ">"
    length_at: int
    header: int  #: bytes that the length does not count
    least: int  #: what the length is at least


class Walked(NamedTuple):
    """The begins of the records that lie in a window as a whole, and where the first one begins that does not."""

    at: I64
    end: int


def walk(window: U8, start: int, end: int, chain: Chain) -> Walked:
    """Return where records begin in ``window[start:end]``, following their lengths from ``start``.

    A record with less than its least length ends the chain as one that is cut by the end does.
    """
    at: list[int] = []
    unpack, view = Struct(chain.order + "I").unpack_from, window.data
    length_at, header, least = chain.length_at, chain.header, chain.least
    last = end - max(header, length_at + 4)
    position = start
    while position <= last:
        (length,) = unpack(view, position + length_at)
        if length < least:
            return Walked(np.array(at, np.int64), position)
        at.append(position)
        position += header + length
    if position > end:
        position = at.pop()
    return Walked(np.array(at, np.int64), position)


def rows(buffer: U8, at: I64, layout: np.dtype[np.void]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Return one record of ``layout`` for each position in ``at``; each must lie in the buffer as a whole."""
    size = layout.itemsize
    everywhere: np.ndarray[tuple[int], np.dtype[np.void]] = np.ndarray(
        (max(len(buffer) - size + 1, 0),), f"V{size}", buffer, strides=(1,)
    )
    return everywhere[at].view(layout)
