# SPDX-License-Identifier: GPL-2.0-or-later
"""The wall clock: facts keep their order whatever it does, but people read its times."""

from collections.abc import Iterator

from appliance.events import Evidence
from appliance.health.reading import Reading
from appliance.health.trouble import Trouble
from appliance.limits import CLOCK_STEP_S, STEP_TOLD_S, UNSYNCHRONISED_S
from appliance.report.words import seconds


class Clock:
    """Watches whether a time server keeps the clock, and whether somebody sets it who should not need to."""

    def __init__(self) -> None:
        self._offset: float | None = None  # wall-clock time less steady time, while synchronised
        self._step = 0.0
        self._stepped_at: float | None = None

    def feed(self, reading: Reading) -> Iterator[Trouble]:
        """Yield what is wrong with the clock. The step that the first synchronisation makes is none."""
        self._follow(reading)
        if not reading.machine.synchronised:
            yield Trouble(
                "clock-not-synchronised",
                "No time server keeps this machine's clock: the times shown may be wrong, their order is right.",
                "Check that it reaches the internet, and: timedatectl set-ntp true",
                after=UNSYNCHRONISED_S,
            )
        if self._stepped_at is not None and reading.time - self._stepped_at <= STEP_TOLD_S:
            yield Trouble(
                "clock-stepped",
                f"The clock was set {'forward' if self._step > 0 else 'back'} by {seconds(abs(self._step))}.",
                "Times shown before and after do not fit together; if nobody did it by hand, check the time server.",
                figures=(Evidence("step_s", round(self._step, 3), "seconds by which it was set"),),
                calm=0.0,
            )

    def _follow(self, reading: Reading) -> None:
        offset = reading.machine.wall - reading.time
        if self._offset is not None and abs(offset - self._offset) > CLOCK_STEP_S:
            self._step, self._stepped_at = offset - self._offset, reading.time
        if self._offset is not None or reading.machine.synchronised:
            self._offset = offset
