# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the appliance can see at all: what takes its sight is told like anything else that it found."""

from appliance.health.health import Health
from appliance.health.machine import read
from appliance.health.reading import Disk, Machine, Reading

__all__ = ["Disk", "Health", "Machine", "Reading", "read"]
