# SPDX-License-Identifier: GPL-2.0-or-later
"""The only place with opinions: from facts to verdicts."""

from appliance.judge.judge import Judge
from appliance.judge.sounds import SoundFact, Sounds, SoundsError, furniture

__all__ = ["Judge", "SoundFact", "Sounds", "SoundsError", "furniture"]
