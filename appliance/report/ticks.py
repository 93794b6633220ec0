# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a time axis has its ticks, and what they say."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple

from appliance.report.spans import Span
from appliance.report.words import local

#: Steps that a clock face makes natural, in seconds.
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)


class Tick(NamedTuple):
    """One tick: its time and its label."""

    time: float
    label: str


def ticks(span: Span, at_most: int, zone: tzinfo | None) -> Iterator[Tick]:
    """At most about ``at_most`` ticks at round times of the clock inside ``span``."""
    step = next((step for step in STEPS if (span.end - span.start) / step <= at_most), STEPS[-1])
    midnight = local(span.start, zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    time = midnight + step * -(-(span.start - midnight) // step)
    form = "%H:%M:%S" if step < 60 else "%H:%M"
    while time <= span.end:
        yield Tick(time, local(time, zone).strftime(form))
        time += step
