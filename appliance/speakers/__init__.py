# SPDX-License-Identifier: GPL-2.0-or-later
"""What the devices of the house are, by what they show of themselves."""

from appliance.speakers.match import Speakers
from appliance.speakers.sightings import Sightings
from appliance.speakers.vendor import vendor_of

__all__ = ["Sightings", "Speakers", "vendor_of"]
