# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands in encrypted records: noise, behind true record headers (RFC 8446 section 5.1)."""

import struct

from appliance.simulate.chance import Chance

POOL = 1 << 20  #: bytes of noise that all payloads are cut from
STEP = 7919  #: bytes between two cuts: a prime, so that neighbours differ
MAX_RECORD = 16408  #: bytes: the largest record length the speakers' captures show (16384 and the cipher's part)


class Noise:
    """Bytes that look encrypted, without the cost of drawing them anew."""

    def __init__(self, chance: Chance) -> None:
        self._pool = chance.noise("pool").bytes(POOL)
        self._at = 0
        self._largest = b""
        self._largest = self.record(MAX_RECORD)

    def take(self, size: int) -> bytes:
        """Return ``size`` bytes of noise, at most 64 KiB."""
        self._at = (self._at + STEP) % (POOL - 65536)
        return self._pool[self._at : self._at + size]

    def record(self, length: int, kind: int = 23) -> bytes:
        """Return one TLS record whose length field is ``length``: application data, unless ``kind`` says else.

        All of the largest records are the same bytes: bulk needs thousands.
        """
        if length == MAX_RECORD and self._largest:
            return self._largest
        return struct.pack("!BHH", kind, 0x0303, length) + self.take(length)
