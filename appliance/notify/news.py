# SPDX-License-Identifier: GPL-2.0-or-later
"""What there may be to tell: a verdict, or something about the appliance's own health. Nothing is decided here."""

from dataclasses import dataclass
from typing import Final

from appliance.diary.entries import Entry
from appliance.events import Finding, Tell
from appliance.household import Choices
from appliance.rules.alerts import AlertRules

#: What a piece of news is about.
UPLOAD: Final = "upload"
FINDING: Final = "finding"
WEEK: Final = "week"
VERSION: Final = "version"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened, as it is known now; times are wall-clock seconds."""

    about: str  #: UPLOAD or FINDING
    id: str  #: names the thing, whatever comes to be known of it
    kind: str  #: the verdict, or the finding's kind
    device: str | None  #: the speaker, or what the finding concerns
    tell: Tell  #: how loudly, by the rules and the household's word
    time: float  #: when it happened
    over: bool  #: nothing more will come of it
    bytes_up: int = 0
    seconds: float | None = None  #: how long it lasted
    confidence: float = 1.0
    sentences: tuple[str, ...] = ()  #: what it rests on, in English
    figures: tuple[tuple[str, int], ...] = ()  #: of a week, by name

    @property
    def episode(self) -> tuple[str, str, str | None]:
        """What is told as one if it happens again and again."""
        return self.about, self.kind, self.device


def of_entry(entry: Entry, choices: Choices) -> News:
    """Return the news in a verdict."""
    verdict, upload = entry.verdict, entry.verdict.upload
    return News(
        about=UPLOAD,
        id=entry.key,
        kind=verdict.verdict,
        device=verdict.device,
        tell=choices.tell(verdict.verdict, verdict.device, verdict.tell),
        time=entry.time,
        over=verdict.final,
        bytes_up=upload.bytes_up if upload else 0,
        seconds=upload.ended_at - upload.started_at if upload and upload.ended_at else None,
        confidence=verdict.confidence,
        sentences=tuple(each.text for each in verdict.evidence),
    )


def of_finding(finding: Finding, wall: float, rules: AlertRules) -> News:
    """Return the news in a finding that began at wall-clock time ``wall``; its end is news of the same name."""
    return News(
        about=FINDING,
        id=f"{finding.source}-{finding.kind}-{finding.device or ''}-{finding.time:.3f}",
        kind=finding.kind,
        device=finding.device,
        tell=rules.of_finding(finding.kind),
        time=wall,
        over=finding.ended_at is not None,
        seconds=None if finding.ended_at is None else finding.ended_at - finding.time,
        sentences=(finding.text, *(each.text for each in finding.figures)),
    )
