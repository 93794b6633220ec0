# SPDX-License-Identifier: GPL-2.0-or-later
"""The detectors of voice uploads: one file each, and one that merges them."""

from appliance.uploads.recollection import KnownFlow, Recollection
from appliance.uploads.watcher import UploadFact, Watcher

__all__ = ["KnownFlow", "Recollection", "UploadFact", "Watcher"]
