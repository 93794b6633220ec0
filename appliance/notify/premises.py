# SPDX-License-Identifier: GPL-2.0-or-later
"""What whoever tells people something works with: the hub's own parts."""

from dataclasses import dataclass

from appliance.household import Household
from appliance.rules.alerts import AlertRules
from appliance.settings import Paths
from appliance.speakers.registry import Registry


@dataclass(frozen=True, slots=True)
class Premises:
    """One house."""

    paths: Paths
    rules: AlertRules
    registry: Registry
    household: Household
