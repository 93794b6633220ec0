# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the appliance stands in the network: a plan, then a change that goes back by itself if nobody keeps it."""

from appliance.placing.design import design
from appliance.placing.look import look
from appliance.placing.plan import PlacingError, Plan, described
from appliance.placing.switch import Switch
from appliance.placing.wish import AccessPoint, Wanted, Wish, asked

__all__ = ["AccessPoint", "PlacingError", "Plan", "Switch", "Wanted", "Wish", "asked", "described", "design", "look"]
