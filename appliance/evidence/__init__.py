# SPDX-License-Identifier: GPL-2.0-or-later
"""Evidence: captures of a speaker's own frames around each upload, and the sounds beside them."""

from appliance.evidence.collector import Evidence
from appliance.evidence.context import Context, ContextError, read_context
from appliance.evidence.file import SIMULATED
from appliance.evidence.shelf import Shelf, ShelfError, evidence_key

__all__ = [
    "SIMULATED",
    "Context",
    "ContextError",
    "Evidence",
    "Shelf",
    "ShelfError",
    "evidence_key",
    "read_context",
]
