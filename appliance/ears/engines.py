# SPDX-License-Identifier: GPL-2.0-or-later
"""The engines that a household needs, made from their rules; each library is loaded only where a rule asks for it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from appliance.ears.ear import Ear
from appliance.ears.engine import Engine, EngineError
from appliance.rules import Rules
from appliance.rules.wake import WakeEngineRule, WakeRule, WakeRules
from appliance.rules.wakewords import WakeWords

#: engine as rules call it -> module and class
_ENGINES = {
    "porcupine": ("porcupine", "Porcupine"),
    "microwakeword": ("microwakeword", "MicroWakeWords"),
    "head": ("heads", "Heads"),
}


def open_ear(name: str, rules: Rules, wanted: Collection[str] | None = None) -> tuple[Ear, list[str]]:
    """Return an ear that listens for the ``wanted`` wake words, and which of its engines cannot be had, in words.

    None stands for all words that there are rules for. Errors: EngineError if no engine at all can be had.
    """
    words = WakeWords({}, rules.verdicts.same_words)
    asked = rules_for(rules.wake, words, wanted)
    engines, missing = engines_for(asked)
    if asked and not engines:
        raise EngineError("; ".join(missing))
    known = words.all(rule.word for rule in asked)
    missing += [f"nothing listens for {word!r}: enrol it" for word in wanted or () if words.one(word) not in known]
    return Ear(name, rules.wake, words, engines), missing


def rules_for(rules: WakeRules, words: WakeWords, wanted: Iterable[str] | None) -> list[WakeEngineRule]:
    """Return the rules for the ``wanted`` words, and for those taken for them; all rules for None."""
    if wanted is None:
        return list(rules.engines)
    asked = words.all(wanted)
    return [rule for rule in rules.engines if words.one(rule.word) in asked]


def engines_for(rules: Iterable[WakeRule]) -> tuple[list[Engine], list[str]]:
    """Return the engines for ``rules``, and what cannot be had, in words: the others listen all the same."""
    by_engine: dict[str, list[WakeRule]] = {}
    for rule in rules:
        by_engine.setdefault(rule.engine, []).append(rule)
    engines: list[Engine] = []
    missing: list[str] = []
    for name, of_engine in by_engine.items():
        engines += _made(name, of_engine, missing)
    return engines, missing


def _made(name: str, rules: Sequence[WakeRule], missing: list[str]) -> Iterator[Engine]:
    """Yield the engine with all its rules, or, where one of them cannot be had, with those that can."""
    try:
        yield _make(name)(rules)
    except EngineError as error:
        if len(rules) == 1:
            missing.append(str(error))
            return
        fit = [rule for rule in rules if _fits(name, rule, missing)]
        if fit:
            yield _make(name)(fit)


def _fits(name: str, rule: WakeRule, missing: list[str]) -> bool:
    try:
        _make(name)([rule])
    except EngineError as error:
        missing.append(str(error))
        return False
    return True


def _make(name: str) -> Callable[[Sequence[Any]], Engine]:
    module, kind = _ENGINES[name]
    try:
        made: Callable[[Sequence[Any]], Engine] = getattr(import_module(f"appliance.ears.{module}"), kind)
    except ImportError as error:
        raise EngineError(f"{name} cannot be loaded ({error}): pip install 'earwitness[ears]'") from None
    return made
