# SPDX-License-Identifier: GPL-2.0-or-later
"""All checks in one."""

from collections.abc import Iterable, Mapping

from appliance.events import Finding
from appliance.health.clock import Clock
from appliance.health.frames import LostFrames
from appliance.health.power import power
from appliance.health.reading import Reading
from appliance.health.services import services
from appliance.health.silence import Silence
from appliance.health.storage import storage
from appliance.health.trouble import Episodes


class Health:
    """What limits the appliance as a witness, as findings that begin and end; takes its time from the readings."""

    def __init__(self, opened: Iterable[Finding] = (), usual: Mapping[str, float] | None = None) -> None:
        """Go on with the findings of this boot that an earlier run of the hub told and did not end.

        ``usual`` is how long that run knew speakers to be silent at times.
        """
        told = list(opened)
        self._episodes = Episodes(told)
        self._silence, self._frames, self._clock = Silence(told, usual), LostFrames(), Clock()

    def feed(self, reading: Reading) -> list[Finding]:
        """Return the findings that begin and that end with this reading; about one reading a second is meant."""
        return self._episodes.feed(
            reading.time,
            (
                *services(reading),
                *self._silence.feed(reading),
                *self._frames.feed(reading),
                *self._clock.feed(reading),
                *storage(reading),
                *power(reading.machine),
            ),
        )

    @property
    def usual(self) -> dict[str, float]:
        """How long each speaker is silent at times, in s."""
        return self._silence.usual

    @property
    def open(self) -> list[Finding]:
        """The findings that have begun and not ended, in the words of the last reading."""
        return self._episodes.open
