# SPDX-License-Identifier: GPL-2.0-or-later
"""What the devices of the house are, by what they show of themselves."""

from appliance.speakers.exposures import Exposures
from appliance.speakers.inventory import EarEntry, Entry, Found, Inventory, Owner, Room, Status
from appliance.speakers.match import Speakers
from appliance.speakers.registry_file import RegistryError, RegistryReader
from appliance.speakers.vendor import vendor_of

__all__ = [
    "EarEntry",
    "Entry",
    "Exposures",
    "Found",
    "Inventory",
    "Owner",
    "RegistryError",
    "RegistryReader",
    "Room",
    "Speakers",
    "Status",
    "vendor_of",
]
