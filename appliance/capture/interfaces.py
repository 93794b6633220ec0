# SPDX-License-Identifier: GPL-2.0-or-later
"""What pcapng says of a section and its interfaces (draft-ietf-opsawg-pcapng, sections 4.1 and 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

import numpy as np

from appliance.capture.frames import I64, U64
from appliance.limits import OPTIONS_BYTES

_SECOND = 1_000_000_000
_LATEST = np.uint64(1 << 62)  # nanoseconds: the year 2116, so that sums with an offset stay within 64 bits
_COMMENT, _RESOLUTION, _OFFSET = 1, 9, 14


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface of a section: what its packets begin with, how they are cut, how it counts time."""

    link: int  #: pcap LINKTYPE number
    snap: int  #: bytes kept of each packet at most; 0 for all
    resolution: int = 6  #: if_tsresol: units of 10^-n s, or, with the highest bit set, of 2^-n s
    offset: int = 0  #: if_tsoffset: seconds to add

    def nanoseconds(self, units: U64) -> I64:
        """Return nanoseconds since the epoch; times that 64 bits cannot hold become the greatest that they can."""
        power = self.resolution & 0x7F
        time = _binary(units, power) if self.resolution & 0x80 else _decimal(units, power)
        offset = max(min(self.offset * _SECOND, 1 << 62), -(1 << 62))
        return np.add(np.minimum(time, _LATEST).astype(np.int64), offset, dtype=np.int64)


def _decimal(units: U64, power: int) -> U64:
    """Return nanoseconds from units of 10^-power seconds."""
    if power > 9:
        return units // np.uint64(10 ** min(power - 9, 19))
    factor = np.uint64(10 ** (9 - power))
    return np.minimum(units, _LATEST // factor) * factor


def _binary(units: U64, power: int) -> U64:
    """Return nanoseconds from units of 2^-power seconds; 32 bits of the fraction are kept, so that the product fits."""
    if power >= 64:
        return np.zeros_like(units)
    second: U64 = np.minimum(units >> np.uint64(power), _LATEST // np.uint64(_SECOND))
    bits = min(power, 32)
    fraction = (units & np.uint64((1 << power) - 1)) >> np.uint64(power - bits)
    rest: U64 = (fraction * np.uint64(_SECOND)) >> np.uint64(bits)
    return second * np.uint64(_SECOND) + rest


def interface(block: bytes, order: str) -> Interface:
    """Read an interface description block of at least 20 bytes."""
    link, _, snap = Struct(order + "HHI").unpack_from(block, 8)
    options = dict(_options(block[16:-4], order))
    resolution, offset = options.get(_RESOLUTION, b"\x06"), options.get(_OFFSET, bytes(8))
    return Interface(
        link,
        snap,
        resolution[0] if resolution else 6,
        int.from_bytes(offset, "little" if order == "<" else "big", signed=True) if len(offset) == 8 else 0,
    )


def comments(block: bytes, order: str) -> tuple[str, ...]:
    """Return the comments of a section header block, as they are."""
    return tuple(value.decode(errors="replace") for code, value in _options(block[24:-4], order) if code == _COMMENT)


def _options(body: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Yield code and value of each option; stop at what is none."""
    header, at = Struct(order + "HH"), 0
    body = body[:OPTIONS_BYTES]
    while at + header.size <= len(body):
        code, size = header.unpack_from(body, at)
        at += header.size
        if code == 0 or at + size > len(body):
            return
        yield code, body[at : at + size]
        at += size + -size % 4
