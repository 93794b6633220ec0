# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at a machine and says in plain words whether it can be a witness, and what to do if not."""

from appliance.health.doctor.examine import examine
from appliance.health.doctor.remark import Level, Remark, worst

__all__ = ["Level", "Remark", "examine", "worst"]
