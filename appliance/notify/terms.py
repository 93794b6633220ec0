# SPDX-License-Identifier: GPL-2.0-or-later
"""On what terms a channel is told things: quiet hours, caps, snoozes; and what clock all that goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from appliance.household import Caps, Quiet
from appliance.rules.alerts import AlertRules


@dataclass(frozen=True, slots=True)
class Terms:
    """One channel's terms."""

    rules: AlertRules
    caps: Caps
    quiet: Quiet
    zone: tzinfo | None  #: of the clocks in the house; None: the machine's
    updates: bool  #: a message that was sent can be put in place of an earlier one
    snoozed: Mapping[str | None, float] = field(default_factory=dict)  #: until when, by speaker; None: everything

    @property
    def joins_s(self) -> float:
        """Seconds within which the same again, of the same speaker, is one episode."""
        return self.caps.cooldown_minutes * 60.0

    def asleep(self, device: str | None, now: float) -> bool:
        """Whether somebody asked not to hear of a speaker, or of anything, for now."""
        return any(self.snoozed.get(each, 0.0) > now for each in (device, None))

    def held_until(self, now: float) -> float | None:
        """Return the end of the quiet hours if they hold at ``now``."""
        if not self.quiet.holds(datetime.fromtimestamp(now, self.zone).time()):
            return None
        return self.next(self.quiet.end, now)

    def digest_at(self, now: float) -> float:
        """Return when the next digest is due: in the morning, when the quiet hours are over."""
        return self.next(self.quiet.end if self.quiet.on else self.rules.digest_at, now)

    def next(self, at: time, now: float) -> float:
        """Return when the clock in the house next shows ``at``, after ``now``; the day clocks change is no exception.

        A time that the clock leaps over in spring counts as the moment of the leap; of one that comes twice in autumn
        the first counts.
        """
        day = datetime.fromtimestamp(now, self.zone).date()
        times = (datetime.combine(day + timedelta(days=days), at, self.zone).timestamp() for days in (0, 1, 2))
        return next(each for each in times if each > now)
