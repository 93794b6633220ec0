# SPDX-License-Identifier: GPL-2.0-or-later
"""The cloud's answer to an upload: downstream bytes on the same flow, soon after it.

Measured: the first big reply comes 0.28-1.1 s after the last audio. Its end matters, since a follow-up question may be
asked without the wake word for some seconds after it.
"""

from appliance.events import Reply
from appliance.rules import ReplyRule


class ReplyWatch:
    """Follows the downstream of one flow from the end of an upload on."""

    def __init__(self, rule: ReplyRule, device: str, upload_ended_at: float) -> None:
        self._rule = rule
        self._device = device
        self._after = upload_ended_at
        self._started_at: float | None = None
        self._ended_at = upload_ended_at
        self._bytes = 0

    def feed(self, time: float, size: int) -> None:
        """Take downstream bytes of the bin that ended at ``time``."""
        if self.over(time) or time <= self._after:
            return
        self._bytes += size
        self._ended_at = time
        if self._started_at is None and self._bytes >= self._rule.min_bytes:
            self._started_at = time

    def over(self, time: float) -> bool:
        """Whether the reply has ended, or none came."""
        silent = time - self._ended_at > (self._rule.within_s if self._started_at is None else self._rule.gap_s)
        return silent or time - self._after > self._rule.longest_s

    def fact(self, time: float) -> Reply | None:
        """Return the reply as far as it has gone by ``time``, None if none came."""
        if self._started_at is None:
            return None
        known_at = min(time, self._ended_at + self._rule.gap_s)
        return Reply(known_at, self._device, self._started_at, self._ended_at, self._bytes)
