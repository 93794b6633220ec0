# SPDX-License-Identifier: GPL-2.0-or-later
"""What the household chooses in the web: languages, what is kept, whom to tell what and when."""

from appliance.household.choices import (
    Caps,
    Channel,
    Choices,
    Evidence,
    Forgetting,
    Home,
    Level,
    Loudness,
    Privacy,
    Quiet,
    Snooze,
)
from appliance.household.effective import evidence_settings, ledger_settings
from appliance.household.file import Household, HouseholdError, HouseholdReader
from appliance.household.secrets import Secrets

__all__ = [
    "Caps",
    "Channel",
    "Choices",
    "Evidence",
    "Forgetting",
    "Home",
    "Household",
    "HouseholdError",
    "HouseholdReader",
    "Level",
    "Loudness",
    "Privacy",
    "Quiet",
    "Secrets",
    "Snooze",
    "evidence_settings",
    "ledger_settings",
]
