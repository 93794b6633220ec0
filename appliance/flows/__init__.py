# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames become flows: TCP in order, TLS records, datagrams, and the names of what they speak to."""

from appliance.flows.flows import Flows
from appliance.flows.meter import Meter

__all__ = ["Flows", "Meter"]
