# SPDX-License-Identifier: GPL-2.0-or-later
"""How a kind of speaker is recognised by what it shows of itself, and how the evidence adds up.

Each piece of evidence has a weight, the chance that a device which shows it is that speaker. Weights combine as
independent reasons do (noisy-or, Pearl 1988): ``1 - (1 - a)(1 - b)``, so many weak ones make a strong one.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import prod
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from appliance.events import SightingKind
from appliance.limits import SIGHTINGS_REMEMBERED
from appliance.rules.globs import glob_matches
from appliance.rules.hosts import Hosts, clean
from appliance.rules.types import Examples, Id, Rule, Said, Several, Share, Strict, Words

#: A whole value, one with stars, or ``@id``: any name of that host rule. Letters of either case match.
Pattern = Annotated[str, Field(min_length=1, max_length=256)]


class Evidence(Strict):
    """What must be seen, and what it says: of each kind named here one of the patterns, all kinds together."""

    when: dict[SightingKind, Annotated[tuple[Pattern, ...], Several]] = Field(min_length=1)
    weight: Share


class Shown(Strict):
    """An example: what a device shows; ``model`` if the model must be recognised too."""

    shows: dict[SightingKind, Annotated[tuple[str, ...], Several]]
    model: Id | None = None


class ModelRule(Strict):
    """One model of a family, told by evidence of its own."""

    id: Id
    name: Words
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Misfires(Strict):
    """How often speakers of this family took something else for each of their names, measured on the same material."""

    of: Said = Field(description="which speaker, and what was played to it, by language")
    per_hour: dict[str, Annotated[float, Field(strict=True, ge=0)]] = Field(min_length=2)
    source: Words


class SpeakerRule(Rule):
    """A family of speakers, or of other devices that must not be taken for one (``speaker: false``)."""

    vendor: str | None = Field(default=None, description="null: the rule is for several vendors")
    name: Words
    speaker: bool = Field(default=True, description="false: no microphone that listens for a wake word")
    wake_words: tuple[str, ...] = ()
    misfires: tuple[Misfires, ...] = Field(
        default=(), description="so that people can choose the name that misfires least"
    )
    threshold: Share = 0.5
    caps: dict[SightingKind, Share] = Field(default={}, description="the most that one kind says, however much is seen")
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    models: tuple[ModelRule, ...] = ()
    examples: Examples[Shown]

    @model_validator(mode="after")
    def _own_words(self) -> Self:
        strange = {word for each in self.misfires for word in each.per_hour} - set(self.wake_words)
        if strange:
            raise ValueError(f"misfires speaks of {', '.join(sorted(strange))}, which wake_words has not")
        return self

    def misfiring(self) -> list[tuple[str, float]]:
        """Return the names of which it was measured, the one that misfires least first, with false wakes an hour.

        Where several speakers were measured, the middle between the best and the worst of them.
        """
        rates: dict[str, list[float]] = {}
        for each in self.misfires:
            for word, rate in each.per_hour.items():
                rates.setdefault(word, []).append(rate)
        return sorted(((word, (min(own) + max(own)) / 2) for word, own in rates.items()), key=lambda each: each[1])


class Match(NamedTuple):
    """How well one rule fits a device."""

    rule: SpeakerRule
    score: float
    model: ModelRule | None
    evidence: tuple[Evidence, ...]  #: what was seen of the rule's and the model's, strongest first

    @property
    def recognised(self) -> bool:
        """Whether that is enough to call the device by the rule's name."""
        return self.score >= self.rule.threshold


class _Weighed(NamedTuple):
    """One piece of evidence, its patterns turned into bits."""

    evidence: Evidence
    masks: tuple[int, ...]  #: each must have a bit in common with what was seen

    def holds(self, seen: int) -> bool:
        return all(mask & seen for mask in self.masks)


class SpeakerRules:
    """All speaker rules, made ready: each pattern of them is one bit, so what a device showed is one number."""

    def __init__(self, rules: Iterable[SpeakerRule], hosts: Hosts) -> None:
        self.rules = tuple(rules)
        self._hosts = hosts
        self._bits: dict[tuple[SightingKind, str], int] = {}
        self._families = [(rule, self._weigh(rule.evidence)) for rule in self.rules]
        self._models = {
            (rule.id, model.id): self._weigh(model.evidence) for rule in self.rules for model in rule.models
        }
        self.bits = lru_cache(SIGHTINGS_REMEMBERED)(self._match)

    def best(self, seen: int) -> Match | None:
        """Return the rule that fits best what was ``seen``, None if nothing was seen that any rule knows.

        Equal scores go to the rule that comes first. A score under the rule's threshold recognises nothing yet.
        """
        if not seen:
            return None
        matches = [self._score(rule, weighed, seen) for rule, weighed in self._families]
        best = max(matches, key=lambda match: (match.recognised, match.score), default=None)
        return best if best is not None and best.score > 0 else None

    def services(self) -> list[str]:
        """Return the services by which speakers are known, as mDNS has them: what rules look for, or show."""
        looked_for = [each.when for rule in self.rules for each in rule.evidence]
        shown = [each.shows for rule in self.rules for each in rule.examples.matches]
        names = {name.lower() for seen in (*looked_for, *shown) for name in seen.get(SightingKind.MDNS_SERVICE, ())}
        return sorted(name for name in names if "*" not in name)

    def bits_of(self, kind: SightingKind, patterns: tuple[str, ...]) -> list[int]:
        """Return the bit of each of a rule's ``patterns``."""
        return [self._bits[kind, pattern.lower()] for pattern in patterns]

    def _match(self, kind: SightingKind, value: str) -> int:
        """Return the bits of the patterns that ``value`` matches."""
        text = clean(value) if kind is SightingKind.HOST else value.lower()
        return sum(
            bit
            for (of, pattern), bit in self._bits.items()
            if of is kind and (self._in_host_rule(pattern, text) if pattern[0] == "@" else glob_matches(pattern, text))
        )

    def _in_host_rule(self, pattern: str, host: str) -> bool:
        rule = self._hosts.look(host)
        return rule is not None and "@" + rule.id == pattern

    def _weigh(self, several: tuple[Evidence, ...]) -> list[_Weighed]:
        return [_Weighed(each, tuple(self._mask(*condition) for condition in each.when.items())) for each in several]

    def _mask(self, kind: SightingKind, patterns: tuple[str, ...]) -> int:
        return sum({self._bits.setdefault((kind, each.lower()), 1 << len(self._bits)) for each in patterns})

    def _score(self, rule: SpeakerRule, weighed: list[_Weighed], seen: int) -> Match:
        held = [each.evidence for each in weighed if each.holds(seen)]
        model, model_held = self._best_model(rule, seen)
        evidence = tuple(sorted(held + model_held, key=lambda each: -each.weight))
        return Match(rule, _combine(held, rule.caps), model, evidence)

    def _best_model(self, rule: SpeakerRule, seen: int) -> tuple[ModelRule | None, list[Evidence]]:
        best: tuple[float, ModelRule | None, list[Evidence]] = (0.0, None, [])
        for model in rule.models:
            held = [each.evidence for each in self._models[rule.id, model.id] if each.holds(seen)]
            score = _combine(held, rule.caps)
            if score >= rule.threshold and score > best[0]:
                best = (score, model, held)
        return best[1:]


def _combine(evidence: Iterable[Evidence], caps: dict[SightingKind, float]) -> float:
    """Return how sure all of ``evidence`` makes: each kind up to its cap, then the kinds together."""
    doubts: dict[tuple[SightingKind, ...], float] = {}
    for each in evidence:
        kinds = tuple(each.when)
        doubts[kinds] = doubts.get(kinds, 1.0) * (1 - each.weight)
    for kind, cap in caps.items():
        if (kind,) in doubts:
            doubts[kind,] = max(doubts[kind,], 1 - cap)
    return 1 - prod(sorted(doubts.values()))
