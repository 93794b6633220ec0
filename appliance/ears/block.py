# SPDX-License-Identifier: GPL-2.0-or-later
"""A piece of sound and its time, which is counted in samples, never looked up on a clock."""

from typing import NamedTuple

from appliance.ears.engine import RATE, Samples


class Block(NamedTuple):
    """Sound that follows on the block before, but for what was lost between them."""

    time: float  #: of its first sample
    samples: Samples
    lost: int = 0  #: samples lost just before it

    @property
    def ended_at(self) -> float:
        """When its last sample ended."""
        return self.time + len(self.samples) / RATE
