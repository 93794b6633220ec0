# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be wrong with a capture file, in words for the person who gave it."""

from dataclasses import dataclass


class CaptureError(Exception):
    """A capture file that gives no packet at all."""


class Unreadable(CaptureError):  # noqa: N818 - the sentence reads so
    """The file cannot be opened or read: it is missing, forbidden, a directory."""


class NotACapture(CaptureError):  # noqa: N818
    """The file can be read but holds no capture; the message says what it seems to be."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a capture stops making sense. Every packet before ``offset`` was handed on, none after it."""

    offset: int  #: bytes from the begin of the file (of the decompressed file, where it is gzip'd)
    what: str  #: one sentence
