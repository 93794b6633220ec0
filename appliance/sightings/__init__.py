# SPDX-License-Identifier: GPL-2.0-or-later
"""What devices show of themselves in single frames; imports little: a process of its own does it for the capture."""

from appliance.sightings.sightings import Sightings
from appliance.sightings.text import clean_text

__all__ = ["Sightings", "clean_text"]
