# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads RIFF/WAVE files piece by piece: whole numbers of 8 to 32 bits, floats, any rate, any number of channels."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance.limits import WAV_CHANNELS, WAV_HEADER_BYTES, WAV_RATES

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FRAMES_AT_ONCE = 1 << 15
_OPEN = 1 << 62  #: bytes of sound where the file leaves open how many there are


class RecordingError(Exception):
    """A file is no recording that can be read: why."""


class _Format(NamedTuple):
    kind: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


class Wav:
    """An open recording; iterating yields its frames as floats of full scale 1, shape (count, channels).

    Raises RecordingError if it is none. A file that ends early, or whose lengths were left open, is read to its end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._format, self._left = _open(file)
        self.rate = self._format.rate

    @property
    def seconds(self) -> float | None:
        """How much of it is left to read, by its own word; None if it does not say."""
        return None if self._left >= _OPEN else self._left / self._format.frame_bytes / self.rate

    def __iter__(self) -> Iterator[NDArray[np.float64]]:
        """Yield the frames, some seconds at a time at the most."""
        size = self._format.frame_bytes
        while self._left > 0 and (raw := self._file.read(min(self._left, _FRAMES_AT_ONCE * size))):
            self._left -= len(raw)
            whole = raw[: len(raw) // size * size]
            yield _floats(whole, self._format).reshape(-1, self._format.channels)


def _open(file: BinaryIO) -> tuple[_Format, int]:
    """Return the format, and how many bytes of sound follow where ``file`` is now."""
    start = file.read(12)
    if len(start) < 12 or start[:4] not in {b"RIFF", b"RF64"} or start[8:] != b"WAVE":
        raise RecordingError("is no RIFF/WAVE file; convert it: ffmpeg -i FILE out.wav")
    found, passed = None, 0
    while passed <= WAV_HEADER_BYTES and len(head := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            if found is None:
                raise RecordingError("has its sound before its format")
            return found, size if 0 < size < 0xFFFFFFF0 else _OPEN
        body = file.read(min(size + size % 2, WAV_HEADER_BYTES))
        passed += 8 + len(body)
        if name == b"fmt ":
            found = _format(body)
    raise RecordingError("has no sound in it")


def _format(body: bytes) -> _Format:
    if len(body) < 16:
        raise RecordingError("has a format that is cut off")
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if kind == _EXTENSIBLE and len(body) >= 26:
        (kind,) = struct.unpack("<H", body[24:26])
    if (kind, bits) not in {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64)}:
        raise RecordingError(f"is coded in a way that is not read here (format {kind}, {bits} bits)")
    if not 1 <= channels <= WAV_CHANNELS or not WAV_RATES[0] <= rate <= WAV_RATES[1]:
        raise RecordingError(f"has {channels} channels at {rate} Hz")
    return _Format(kind, channels, rate, bits)


def _floats(raw: bytes, form: _Format) -> NDArray[np.float64]:
    """Return ``raw`` at full scale 1."""
    if form.kind == _FLOAT:
        found = np.frombuffer(raw, f"<f{form.bits // 8}").astype(np.float64)
        return np.clip(np.nan_to_num(found, posinf=1.0, neginf=-1.0), -1.0, 1.0)
    if form.bits == 8:
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128.0) / 128.0
    if form.bits == 24:
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return np.asarray(wide.reshape(-1).view("<i4") / 2.0**31, np.float64)
    return np.asarray(np.frombuffer(raw, f"<i{form.bits // 8}") / 2.0 ** (form.bits - 1), np.float64)
