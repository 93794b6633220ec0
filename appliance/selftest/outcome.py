# SPDX-License-Identifier: GPL-2.0-or-later
"""What was due against what came. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from appliance.events import Verdict
from appliance.selftest.house import Due

_EDGE_S = 0.5  # an upload belongs to what it overlaps, but for this


class Outcome(NamedTuple):
    """One verdict of the rules: how often it was due, and what came instead."""

    verdict: str
    expected: int
    got: int
    instead: Counter[str]

    @property
    def right(self) -> bool:
        """Whether it came each time it was due, and was due at all."""
        return 0 < self.expected == self.got


def compare(due: Sequence[Due], verdicts: Iterable[Verdict]) -> list[Outcome]:
    """Return an outcome for each verdict that is due, in the order in which the first of each is."""
    final = [verdict for verdict in verdicts if verdict.final]
    outcomes = {one.verdict: Outcome(one.verdict, 0, 0, Counter()) for one in due}
    for one in due:
        came = {verdict.verdict for verdict in final if _is_on(verdict, one)} or {"nothing"}
        before = outcomes[one.verdict]
        right = came == {one.verdict}
        before.instead.update(() if right else came)
        outcomes[one.verdict] = before._replace(expected=before.expected + 1, got=before.got + right)
    return list(outcomes.values())


def _is_on(verdict: Verdict, one: Due) -> bool:
    """Say whether a verdict is on what was due."""
    upload = verdict.upload
    if upload is None or one.start == one.end:
        same = upload is None and verdict.wake is not None and one.start == one.end
        return same and verdict.wake is not None and abs(verdict.wake.time - one.start) < _EDGE_S
    end = upload.time if upload.ended_at is None else upload.ended_at
    overlaps = upload.started_at <= one.end + _EDGE_S and end >= one.start - _EDGE_S
    return upload.flow.device == one.device and overlaps
