# SPDX-License-Identifier: GPL-2.0-or-later
"""The judge's windows, in seconds, and how loudly each verdict is told."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from appliance.events import Tell
from appliance.rules.types import Bytes, Count, Examples, Id, Rule, Seconds, Share, Strict

VerdictName = Literal[
    "called",
    "follow_up",
    "arbitration",
    "call",
    "other_wake",
    "false_wake",
    "unexplained_speech",
    "unexplained_silence",
    "unheard",
    "capture_gap",
    "silent_speaker",
]


class Sureness(Strict):
    """By how much each weakness of the evidence lowers a verdict's confidence; they are multiplied."""

    other_room: Share = Field(description="the wake word was heard in another room only")
    near_miss: Share = Field(description="the ear was not sure of the wake word")
    far: Share = Field(
        description="the wake word ended called_before_s before the start; from usual_before_s it falls to this"
    )
    follow_up: Share = Field(description="nobody heard it: each step of a conversation")
    arbitration: Share = Field(description="nobody heard it: another speaker was meant")
    lossy: Share = Field(description="frames were lost around it, too few to hide an upload")
    weak_word: Share = Field(description="an accusation of a speaker whose name ears often miss")


class Story(Strict):
    """An example for the judge: an upload, what was heard around it, and a verdict. Times are from its start."""

    verdict: VerdictName
    speaker: Id = "amazon-echo"
    lasts_s: Seconds = 4.0
    word: str | None = Field(default=None, description="the wake word that an ear heard")
    word_ends_s: Annotated[float, Field(strict=True, ge=-60, le=60)] = -1.0
    talk: bool = Field(default=True, description="somebody talks at the time")
    watched: bool = Field(default=True, description="an ear covers the time")
    follows_s: Seconds | None = Field(default=None, description="a called upload of this speaker ended so long before")
    beside_s: Seconds | None = Field(
        default=None, description="a speaker of the next room was called and began so long before"
    )


class VerdictRules(Rule):
    """What the judge compares with; times are seconds before or after the moment that the name says."""

    id: Literal["verdicts"]
    called_before_s: Seconds = Field(description="a wake word so long before the upload's start called it")
    called_after_s: Seconds = Field(description="and so long after: the flow may start before the word has ended")
    follow_up_s: Seconds = Field(description="from the end of a called upload, or of its reply, to the next start")
    arbitration_s: Seconds = Field(description="from another speaker's called start to this one's")
    arbitration_max_s: Seconds = Field(description="a loser's upload is no longer than this")
    usual_before_s: Seconds = Field(description="so far before the start wake words usually end; farther is less sure")
    settle_s: Seconds = Field(description="an upload that has not ended so long after its start is not short")
    follow_up_chain: Count = Field(description="uploads in a row that may follow up on one call")
    call_after_s: Seconds = Field(
        description="from the end of a called upload, or of its reply, to the call it asked for"
    )
    gap_bytes: Bytes = Field(description="holes in a device's own flows smaller than this hide no upload")
    coverage_join_s: Seconds = Field(description="a gap in an ear's coverage in which no wake word has room")
    same_wake_s: Seconds = Field(
        description="one wake word heard by several ears, or said again, is one within this time"
    )
    sure: Sureness
    false_wake_max_s: Seconds = Field(description="audio up to this long: the cloud checked and hung up")
    false_wakes_a_day: Count = Field(description="more of them in 24 hours are an alert")
    weak_recall: Share = Field(
        description="a name is often missed if its best engine heard less of it, where it was hardest to hear"
    )
    wait_s: Seconds = Field(description="how long to wait for ears that have not reported yet")
    silent_speaker_s: Seconds = Field(description="a wake word without an upload so long after is a silent speaker")
    tell: dict[VerdictName, Tell] = Field(description="how loudly each verdict is told")
    examples: Examples[Story]
    same_words: tuple[tuple[str, ...], ...] = Field(description="wake words that a speaker takes for each other")

    @model_validator(mode="after")
    def _every_verdict_is_told(self) -> Self:
        missing = set(get_args(VerdictName)) - self.tell.keys()
        if missing:
            raise ValueError(f"tell has no word on: {', '.join(sorted(missing))}")
        return self
