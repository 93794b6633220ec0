# SPDX-License-Identifier: GPL-2.0-or-later
"""What a detector says when it fires."""

from typing import NamedTuple


class Hit(NamedTuple):
    """One detector's evidence that a run of pieces carries voice."""

    detector: str  #: "cadence", "steady", "flush", "volume" or "media"
    since: float  #: when the evidence began, seconds since the epoch
    length: int | None = None  #: the record length that kept the beat, in bytes
    beat: float | None = None  #: mean seconds between those records
