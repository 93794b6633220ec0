# SPDX-License-Identifier: GPL-2.0-or-later
"""Which engine listens for which wake word, what its scores mean, and how several of them judge together.

Each engine gives raw scores of its own kind. A rule's three marks turn them into one currency, the chance that the word
was said: ``near_miss`` is worth :data:`NEAR_MISS`, ``heard`` :data:`HEARD`, the highest score ``sure``, and what lies
between lies between. The opinions of several engines then add up as independent reasons do: ``1 - (1 - a)(1 - b)``.
"""

from collections.abc import Iterable
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from appliance.rules.types import Rule, Seconds, Share, Strict, Words
from appliance.rules.wakewords import WakeWords

#: From here on a word was heard.
HEARD = 0.5
#: From here on it was nearly heard.
NEAR_MISS = 0.25


def _spoken(phrase: str) -> str:
    words = all(map(str.isidentifier, phrase.split(" ")))
    if not words or any(sign.isdecimal() or sign == "_" for sign in phrase):
        raise ValueError("should be words of letters alone, with a single space between them")
    return phrase


#: Words as they are said, in any script. As a pattern pydantic keeps each script's letters for each kind of rule: 1 MB.
Phrase = Annotated[
    str,
    AfterValidator(_spoken),
    Field(max_length=40, json_schema_extra={"pattern": r"^[^\W\d_]+( [^\W\d_]+)*$"}),
]
#: A name that the engine knows, or the whole path of a file of the household's own.
ModelName = Annotated[str, Field(min_length=1, max_length=255)]


class Measured(Strict):
    """What was measured of this engine alone, at its threshold for ``heard``."""

    of: Words = Field(description="the recordings")
    recall: Share
    clips: int = Field(strict=True, ge=1, le=10**6)
    false_per_hour: Annotated[float, Field(strict=True, ge=0)] | None = Field(
        default=None, description="null: not measured"
    )


class WakeRule(Rule):
    """What one engine's rule for one word has, whatever the engine."""

    engine: str
    word: Phrase
    model: ModelName
    near_miss: Share = Field(description="raw score from which on it is remembered")
    heard: Share = Field(description="raw score from which on the word was heard; set for recall")
    sure: Annotated[float, Field(strict=True, ge=HEARD, le=1)] = Field(description="what its highest score is worth")
    latency_s: Seconds = Field(description="it reports so long after the end of the word, in the median")
    licence: Words = Field(description="of the model, not of the engine")
    measured: tuple[Measured, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.near_miss <= self.heard:
            raise ValueError("near_miss must not be above heard")
        return self

    @property
    def own_file(self) -> Path | None:
        """The household's own model file, if the rule names one."""
        return Path(self.model) if self.model.startswith("/") else None

    def opinion(self, raw: float) -> float:
        """Return the chance that the word was said, by the raw score alone."""
        if raw < self.near_miss:
            return 0.0
        if raw < self.heard:
            return NEAR_MISS + (HEARD - NEAR_MISS) * (raw - self.near_miss) / (self.heard - self.near_miss)
        return HEARD + (self.sure - HEARD) * (min(raw, 1.0) - self.heard) / max(1.0 - self.heard, 1e-9)


class PorcupineRule(WakeRule):
    """Porcupine says yes or no at a sensitivity: it is asked at several, and the strictest that says yes counts.

    Its raw score is 1 for the first of them and falls in even steps: 1 and 0.5 for two.
    """

    engine: Literal["porcupine"]
    sensitivities: tuple[Share, ...] = Field(min_length=1, max_length=3)

    @model_validator(mode="after")
    def _strictest_first(self) -> Self:
        if list(self.sensitivities) != sorted(set(self.sensitivities)):
            raise ValueError("sensitivities must rise: the strictest comes first")
        return self


class MicroWakeWordRule(WakeRule):
    """A microWakeWord network; the model is one that comes with the engine, or a file's path (.json beside .tflite)."""

    engine: Literal["microwakeword"]


class HeadRule(WakeRule):
    """A small network on the shared speech embedding; ours (.npz) or one in openWakeWord's format (.onnx)."""

    engine: Literal["head"]


WakeEngineRule: TypeAlias = Annotated[PorcupineRule | MicroWakeWordRule | HeadRule, Field(discriminator="engine")]


class FusionRule(Rule):
    """How the engines' opinions become one wake word."""

    id: Literal["fusion"]
    together_s: Seconds = Field(description="opinions nearer to each other than this are on the same utterance")
    settle_s: Seconds = Field(description="a heard word is told so soon, with the best score until then")
    again_s: Seconds = Field(description="the same word so soon after is the same utterance")


class SpeechRule(Rule):
    """When sound is speech, and when it is sound at all."""

    id: Literal["speech"]
    begins: Share = Field(description="the detector's score from which on somebody talks")
    goes_on: Share = Field(description="and to which it may fall while they do")
    hangover_s: Seconds = Field(description="pauses shorter than this do not end it")
    shortest_s: Seconds = Field(description="with less speech than this a sound is some other sound")
    longest_s: Seconds = Field(description="what goes on is told in pieces of this length")
    latency_s: Seconds = Field(description="what the detector says is of so long ago")
    loud_db: Annotated[float, Field(strict=True, gt=0, le=60)] = Field(
        description="so far above the room's floor is sound"
    )
    quiet_db: Annotated[float, Field(strict=True, ge=-120, le=0)] = Field(
        description="dBFS under which nothing is sound"
    )
    floor_s: Seconds = Field(description="the room's floor is the quietest moment of so long a time")


class HealthRule(Rule):
    """When an ear does not hear."""

    id: Literal["health"]
    dead_s: Seconds = Field(description="without any sample")
    muted_s: Seconds = Field(description="with nothing but zeros")
    flat_s: Seconds = Field(description="with one value, or hardly any change")
    flat_step: int = Field(strict=True, ge=0, le=100, description="the most that a flat signal moves, peak to peak")
    clipping_s: Seconds = Field(description="of nothing but clipping")
    clipped_share: Share = Field(description="of a block's samples at full scale: the block clips")
    lost_samples: int = Field(strict=True, ge=0, description="so few samples lost break no coverage")
    pace_s: Seconds = Field(description="time over which samples are counted against the clock, twice")
    pace_share: Share = Field(description="so far from the right number is another device, or another rate")
    report_s: Seconds = Field(description="coverage is told in stretches of this length")


HearingRule: TypeAlias = Annotated[FusionRule | SpeechRule | HealthRule, Field(discriminator="id")]


class WakeRules(Strict):
    """All that the ears need."""

    engines: tuple[WakeEngineRule, ...]
    fusion: FusionRule
    speech: SpeechRule
    health: HealthRule

    @cached_property
    def by_id(self) -> dict[str, WakeEngineRule]:
        """The engines' rules by their ids."""
        return {rule.id: rule for rule in self.engines}


def together(opinions: Iterable[float]) -> float:
    """Return what several opinions on one utterance are worth together."""
    return 1.0 - prod(1.0 - each for each in opinions)


def well_heard(rules: WakeRules, words: WakeWords, recall: float) -> frozenset[str]:
    """Return the words of which an engine heard at least ``recall``, where they were hardest to hear.

    One that was not measured counts: the household taught it, or brought it.
    """
    return frozenset(
        words.one(rule.word) for rule in rules.engines if all(each.recall >= recall for each in rule.measured)
    )
