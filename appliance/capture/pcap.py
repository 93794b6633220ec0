# SPDX-License-Identifier: GPL-2.0-or-later
"""Classic pcap files (draft-ietf-opsawg-pcap): micro- and nanosecond, both byte orders."""

import re
from collections.abc import Generator

import numpy as np

from appliance.capture.damage import Damage
from appliance.capture.frames import Packets
from appliance.capture.streams import Window
from appliance.capture.walk import Chain, Walked, rows, walk
from appliance.limits import PACKET_BYTES, PACKETS_AT_ONCE

FILE_HEADER = 24
RECORD_HEADER = 16

#: magic number as it stands in the file → byte order, nanoseconds in one unit of the sub-second field
MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}


class Pcap:
    """Reads the packets of a window that stands at the begin of a classic pcap file of at least FILE_HEADER bytes."""

    comments = ()  #: this format cannot hold one

    def __init__(self, window: Window) -> None:
        self._window = window
        self._order, self._unit = MAGIC[window.bytes[:4].tobytes()]
        names = ["second", "fraction", "captured", "wire"]
        self._layout = np.dtype([(name, self._order + "u4") for name in names])
        self.link = int(np.frombuffer(window.bytes[20:24], self._order + "u4")[0]) & 0xFFFF

    def read(self) -> Generator[Packets, None, Damage | None]:
        """Yield the packets, in order; return what is damaged at the end."""
        window, used = self._window, FILE_HEADER
        while True:
            walked = walk(window.bytes, used, window.filled, self._chain(used))
            damage = yield from self._packets(walked)
            if damage or (damage := self._oversized(walked.end)):
                return damage
            used = walked.end
            if not window.slide(used):
                break
            used = 0
        if window.filled or window.trouble:
            return Damage(window.start, window.trouble or "the file ends in the middle of a packet")
        return None

    def _chain(self, at: int) -> Chain:
        """Return how records follow each other, and what those within 18 hours of the one at ``at`` look like.

        The upper half of their seconds is the same, the fraction is less than a second, both lengths are below 64 kB.
        """
        second = self._window.bytes[at : at + 4].tobytes()
        if self._order == "<":
            sign, sign_at = re.escape(second[2:]) + rb"...[\0-\x3b]..\0\0..\0\0", 2
        else:
            sign, sign_at = re.escape(second[:2]) + rb"..[\0-\x3b]...\0\0..\0\0..", 0
        return Chain(self._order, 8, RECORD_HEADER, 0, re.compile(sign, re.DOTALL), sign_at)

    def _packets(self, walked: Walked) -> Generator[Packets, None, Damage | None]:
        """Yield the packets of one window; return the first that is damaged."""
        for first in range(0, len(walked.at), PACKETS_AT_ONCE):
            at = walked.at[first : first + PACKETS_AT_ONCE]
            header = rows(self._window.bytes, at, self._layout)
            second, fraction = header["second"].astype(np.int64), header["fraction"].astype(np.int64)
            captured, wire = header["captured"].astype(np.int64), header["wire"].astype(np.int64)
            bad = (captured > PACKET_BYTES) | (fraction * self._unit >= 1_000_000_000) | (second + wire == 0)
            good = int(bad.argmax()) if bad.any() else len(at)
            time = second * 1_000_000_000 + fraction * self._unit
            whole, begins, wire = slice(good), at + RECORD_HEADER, np.maximum(wire, captured)
            if good:
                yield Packets(self._window.bytes, begins[whole], captured[whole], wire[whole], time[whole], self.link)
            if good < len(at):
                return Damage(self._window.start + int(at[good]), "no packet header is where one should be")
        return None

    def _oversized(self, at: int) -> Damage | None:
        """Tell whether the record at ``at``, not in the window as a whole, can never be."""
        if at + RECORD_HEADER > self._window.filled:
            return None
        captured = int(rows(self._window.bytes, np.array([at]), self._layout)["captured"][0])
        if captured <= PACKET_BYTES:
            return None
        return Damage(
            self._window.start + at, f"no packet header is where one should be (a packet of {captured} bytes)"
        )
