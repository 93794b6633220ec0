# SPDX-License-Identifier: GPL-2.0-or-later
"""From capture files to reports: the edge where files are read and the pipeline is fed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from appliance.capture import LINKS, Fragments, open_capture, parse
from appliance.events import Coverage, Device, Ear, Loss, Placement, Sound, Speech, Upload, Verdict, Wake
from appliance.evidence import SIMULATED, read_context
from appliance.judge import Sounds
from appliance.judge.sounds import SoundFact
from appliance.limits import CONTINUES_S, HEARD_BEFORE_S
from appliance.pipeline import Found, Pipeline
from appliance.report.model import Captured, Report
from appliance.rules import Rules

Progress = Callable[[int, int | None], None]  #: bytes of the file read so far, and its size if it has one


class Heard(NamedTuple):
    """What a sounds file said: how the household is furnished, and what ears heard, in order of time."""

    furniture: Sequence[Ear | Placement] = ()
    sounds: Sequence[Sound | Coverage] = ()
    simulated: bool = False


def hear(path: Path) -> Heard:
    """Read a sounds file. Raises SoundsError at the first line that is wrong, OSError if it cannot be read."""
    sounds = Sounds(path)
    facts = list(sounds)
    return heard_in(facts, simulated=sounds.simulated)


def heard_in(facts: Collection[SoundFact], *, simulated: bool = False) -> Heard:
    """Return what sounds files, or recordings, said."""
    furniture = [fact for fact in facts if isinstance(fact, Ear | Placement)]
    sounds = [fact for fact in facts if isinstance(fact, Wake | Speech | Coverage)]
    return Heard(furniture, sorted(sounds, key=lambda fact: fact.time), simulated)


class Analysis:
    """Analyses captures one after another; one that begins where the last ended goes on with what is known by then."""

    def __init__(self, rules: Rules, heard: Heard | None = None) -> None:
        """Take the rules, and what ears heard; None if nobody listened."""
        self._rules = rules
        self._heard = heard
        self._simulated = False
        self._pipeline: Pipeline | None = None
        self._captures: list[Captured] = []
        self._found: list[Found] = []
        self._fragments = Fragments()
        self._reports: list[Report] = []

    def read(self, source: Path | BinaryIO, name: str, progress: Progress) -> Captured:
        """Analyse one capture file and return what it was.

        Raises CaptureError if it cannot be read at all; a file that breaks off is analysed up to there. Evidence of one
        upload belongs to no other capture, and what it says of itself is taken as known.
        """
        started_at, ended_at, packets, size = 0.0, 0.0, 0, 0
        unread: Counter[int] = Counter()
        with open_capture(source) as capture:
            context = read_context(capture.comments)
            if context is not None:
                self._end()
            for batch in capture:
                if not packets:
                    started_at = ended_at = float(batch.time[0]) / 1e9
                    pipeline = self._begin(started_at)
                    if context is not None:
                        pipeline.recall(context.recollection())
                if batch.link not in LINKS:
                    unread[batch.link] += len(batch.at)
                self._found += filter(lasting, pipeline.feed(parse(batch, self._fragments)))
                ended_at = max(ended_at, float(batch.time.max()) / 1e9)
                packets += len(batch.at)
                size += int(batch.wire.sum())
                progress(capture.position, capture.size)
            self._simulated |= (capture.comment or "").startswith(SIMULATED)
            damage = capture.damage
        captured = Captured(
            path=name,
            started_at=started_at,
            ended_at=ended_at,
            packets=packets,
            bytes=size,
            damaged_at=damage.offset if damage else None,
            damage=damage.what if damage else None,
            unread=dict(unread),
        )
        self._captures.append(captured)
        return captured

    def reports(self) -> list[Report]:
        """End the analysis and return what came of it: a report for each stretch of captures that belong together."""
        self._end()
        return self._reports

    def _begin(self, time: float) -> Pipeline:
        """Return the pipeline for a capture that starts at ``time``."""
        ended_at = self._captures[-1].ended_at if self._captures else float("-inf")
        if self._pipeline is None or not 0 <= time - ended_at <= CONTINUES_S:
            self._end()
            furniture = self._heard.furniture if self._heard else ()
            self._pipeline = Pipeline(self._rules, furniture, self._sounds_from(time))
        return self._pipeline

    def _sounds_from(self, time: float) -> Iterator[Sound | Coverage]:
        """Yield what was heard around and after ``time``, and the coverage that reaches into it."""
        sounds = self._heard.sounds if self._heard else ()
        since = time - HEARD_BEFORE_S
        return (fact for fact in sounds if (fact.time if isinstance(fact, Wake) else fact.ended_at) >= since)

    def _end(self) -> None:
        """Finish the pipeline and write the report of its captures."""
        if self._pipeline is not None:
            self._found += filter(lasting, self._pipeline.finish())
        if self._captures:
            self._reports.append(self._report(self._pipeline, self._heard or Heard()))
        self._pipeline, self._captures, self._found, self._simulated = None, [], [], False
        self._fragments = Fragments()

    def _shed(self, pipeline: Pipeline) -> dict[str, int]:
        evicted = self._fragments.evicted
        return pipeline.shed() | ({"fragmented segments evicted": evicted} if evicted else {})

    def _report(self, pipeline: Pipeline | None, heard: Heard) -> Report:
        return Report(
            captures=self._captures,
            uploads=sorted((f for f in self._found if isinstance(f, Upload)), key=lambda upload: upload.started_at),
            verdicts=sorted((f for f in self._found if isinstance(f, Verdict)), key=lambda verdict: verdict.time),
            devices=pipeline.devices() if pipeline else (),
            losses=[f for f in self._found if isinstance(f, Loss)],
            sounds=[f for f in heard.sounds if isinstance(f, Wake | Speech)],
            coverages=[f for f in heard.sounds if isinstance(f, Coverage)],
            ears=[f for f in heard.furniture if isinstance(f, Ear)],
            placements=[f for f in heard.furniture if isinstance(f, Placement)],
            shed=sorted((self._shed(pipeline)).items()) if pipeline else (),
            listened=self._heard is not None,
            simulated=self._simulated or heard.simulated,
        )


def lasting(fact: Found) -> bool:
    """Whether a fact is worth keeping to the end: completed uploads, final verdicts, losses."""
    match fact:
        case Device() | Upload(ended_at=None) | Verdict(final=False):
            return False
        case _:
            return isinstance(fact, Upload | Verdict | Loss)
