# SPDX-License-Identifier: GPL-2.0-or-later
"""The times near uploads: what was heard then is asked for by the judge."""

from appliance.events import Upload
from appliance.ledger import Reader
from appliance.ledger.rows import UPLOAD
from appliance.limits import NEAR_MISS_S, UPLOADS_NEAR
from appliance.rules import VerdictRules


class Uploads:
    """Follows the uploads of one boot, and keeps the time around each for a minute."""

    def __init__(self, reader: Reader, boot: int, rules: VerdictRules, since: float) -> None:
        """Take steady seconds from which on uploads matter."""
        self._reader = reader
        self._boot = boot
        self._rules = rules
        self._seen = -1
        self._last = 0
        self._since = since
        self._windows: dict[object, tuple[float, float]] = {}

    def look(self, now: float) -> list[tuple[float, float]]:
        """Return the time around each upload of the last minute: up to its first verdict, or its end if it is known."""
        changed = self._reader.changed()
        if changed != self._seen:
            newest = self._reader.last(UPLOAD)
            by_id = "WHERE +boot = ? AND +started_at >= ? AND id > ? AND id <= ? ORDER BY id"
            for _, upload in self._reader.facts(UPLOAD, by_id, (self._boot, self._since, self._last, newest)):
                self._windows[upload.key] = self._around(upload)
            self._seen, self._last = changed, newest
        self._windows = {key: each for key, each in self._windows.items() if each[1] > now - NEAR_MISS_S}
        while len(self._windows) > UPLOADS_NEAR:
            del self._windows[next(iter(self._windows))]
        return list(self._windows.values())

    def close(self) -> None:
        """Read no more."""
        self._reader.close()

    def _around(self, upload: Upload) -> tuple[float, float]:
        first = upload.started_at + max(self._rules.settle_s, self._rules.called_after_s)
        end = first if upload.ended_at is None else max(upload.ended_at, upload.started_at + self._rules.called_after_s)
        return upload.started_at - self._rules.called_before_s, end
