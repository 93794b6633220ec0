# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds: the settings file, and above it what the household chose in the web."""

from appliance.household.choices import Evidence, Privacy
from appliance.settings import EvidenceSettings, LedgerSettings


def ledger_settings(file: LedgerSettings, chosen: Privacy) -> LedgerSettings:
    """Return how long facts are kept."""
    days = {
        "keep_days": chosen.keep_days,
        "keep_traffic_days": chosen.traffic_days,
        "keep_sounds_days": chosen.sounds_days,
    }
    return file.model_copy(update={name: value for name, value in days.items() if value is not None})


def evidence_settings(file: EvidenceSettings, chosen: Privacy) -> EvidenceSettings:
    """Return which captures of uploads are kept."""
    update: dict[str, object] = {}
    if chosen.evidence is not None:
        update |= {"keep": chosen.evidence is not Evidence.NONE, "whole": chosen.evidence is Evidence.WHOLE}
    if chosen.evidence_days is not None:
        update["keep_days"] = chosen.evidence_days
    return file.model_copy(update=update)
