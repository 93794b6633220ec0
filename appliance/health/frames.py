# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames that came and were not seen: the capture counts them, each is a hole through which an upload may slip."""

from collections.abc import Iterator

from appliance.events import Evidence
from appliance.health.reading import Reading
from appliance.health.trouble import Trouble
from appliance.limits import LOSS_CALM_S
from appliance.report.words import counted
from appliance.status import CaptureStatus


class LostFrames:
    """Watches the capture's counters; a loss lasts until there was none for LOSS_CALM_S."""

    def __init__(self) -> None:
        self._before: CaptureStatus | None = None
        self._lost = 0  # frames in this episode
        self._last = 0.0  # when frames were lost last

    def feed(self, reading: Reading) -> Iterator[Trouble]:
        """Yield the loss that goes on."""
        status = reading.capture
        if status:
            self._count(reading.time, status)
        if self._lost and reading.time - self._last > LOSS_CALM_S:
            self._lost = 0
        if self._lost and status:
            yield self._trouble(status)

    def _count(self, time: float, status: CaptureStatus) -> None:
        """Add what was lost since the last look; what was lost before the first one was told then, or never was."""
        before = self._before or status
        restarted = before.started_at != status.started_at
        lost = status.lost - (0 if restarted else before.lost)
        if lost > 0:
            self._lost, self._last = self._lost + lost, time
        self._before = status

    def _trouble(self, status: CaptureStatus) -> Trouble:
        full = [port for port in status.ports if port.dropped]
        where = [Evidence("ring_full", port.dropped, f"{port.interface}: no room in its ring") for port in full]
        return Trouble(
            "frames-lost",
            f"{counted(self._lost, 'frame')} came faster than this machine could look at them.",
            "If it lasts: end other programs here, watch only speakers, or use a faster machine.",
            figures=(Evidence("lost", self._lost, "frames lost since it began"), *where),
            calm=0.0,
        )
