# SPDX-License-Identifier: GPL-2.0-or-later
"""One upload under judgement, and the docket of all that are open or were of late."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass

from appliance.events import Evidence, FlowKey, Tell, Upload, Wake
from appliance.limits import JUDGE_CASES
from appliance.rules import VerdictName


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the judge makes of an upload, and why."""

    verdict: VerdictName
    confidence: float
    reason: str
    tell: Tell | None = None  #: None: as loud as the rules say for this verdict
    wake: Wake | None = None  #: the wake word that explains it
    chain: int = 0  #: 1 if it was called, one more for each follow-up; 0 if nobody asked for it
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True, eq=False)
class Case:
    """One upload: as it was announced, as it ended, and what was said of it so far."""

    upload: Upload
    ended: Upload | None = None
    called: bool | None = None  #: whether an ear near it heard its name; None until they have reported
    ruling: Ruling | None = None  #: the latest
    told: bool = False  #: a first verdict was given
    closed: bool = False  #: the final verdict was given

    @property
    def start(self) -> float:
        """When the upload began."""
        return self.upload.started_at

    @property
    def device(self) -> str:
        """The device that uploads."""
        return self.upload.flow.device

    @property
    def latest(self) -> Upload:
        """The upload by the newest that is known of it."""
        return self.ended or self.upload


class Docket:
    """The cases by the start of their uploads; closed ones stay for what may follow on them."""

    def __init__(self) -> None:
        self.evicted = 0
        self.open: dict[tuple[FlowKey, float], Case] = {}
        self._cases: dict[tuple[FlowKey, float], Case] = {}
        self._in_order: list[Case] = []

    def enter(self, upload: Upload) -> None:
        """Take an upload's announcement or its completion, in whichever order they come."""
        case = self._cases.get(upload.key)
        if case is None:
            self._open(Case(upload, upload if upload.ended_at is not None else None))
        elif upload.ended_at is None:
            case.upload = upload
        elif case.ended is None:
            case.ended = upload

    def _open(self, case: Case) -> None:
        self._cases[case.upload.key] = self.open[case.upload.key] = case
        insort(self._in_order, case, key=_start)

    def close(self, case: Case) -> None:
        """Take the case off the open ones."""
        case.closed = True
        del self.open[case.upload.key]
        if len(self._in_order) - len(self.open) > JUDGE_CASES:
            oldest = next(one for one in self._in_order if one.closed)
            self._in_order.remove(oldest)
            del self._cases[oldest.upload.key]
            self.evicted += 1

    def between(self, start: float, end: float) -> Iterator[Case]:
        """The cases whose uploads began from ``start`` to ``end``, in order."""
        first = bisect_left(self._in_order, start, key=_start)
        last = bisect_right(self._in_order, end, key=_start)
        return iter(self._in_order[first:last])

    def forget(self, before: float) -> None:
        """Drop closed cases whose uploads had ended before then."""
        old = [one for one in self._in_order if one.closed and (one.latest.ended_at or one.start) < before]
        for case in old:
            del self._cases[case.upload.key]
        if old:
            self._in_order = [case for case in self._in_order if case.upload.key in self._cases]


def _start(case: Case) -> float:
    return case.start
