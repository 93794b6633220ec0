# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs in the hub's process beside the judge, and what the pages show of it and ask of it."""

from dataclasses import dataclass

from appliance.jobs import Schedule
from appliance.notify.office import Office
from appliance.satellites.receiver import Receiver


@dataclass(frozen=True, slots=True)
class Beside:
    """The hub's other parts."""

    office: Office  #: makes and sends alerts
    schedule: Schedule  #: does things at their time
    satellites: Receiver | None = None  #: takes what ears in other rooms report
