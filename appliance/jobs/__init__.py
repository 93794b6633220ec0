# SPDX-License-Identifier: GPL-2.0-or-later
"""What is done at its time of day: each job with when it ran last, how long, and what came of it."""

from appliance.jobs.job import Daily, Every, Hourly, Job, Weekly
from appliance.jobs.records import Record, Records
from appliance.jobs.schedule import Schedule

__all__ = ["Daily", "Every", "Hourly", "Job", "Record", "Records", "Schedule", "Weekly"]
