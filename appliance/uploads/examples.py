# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the examples of the detectors' rules through the detectors: a rule must do what it says before it is trusted."""

from collections.abc import Iterator

from appliance.rules import (
    CadenceRule,
    DetectorRule,
    FlushRule,
    MediaRule,
    Problem,
    SteadyRule,
    Stream,
    UploadRules,
    VolumeRule,
)
from appliance.uploads.cadence import Cadence
from appliance.uploads.flush import Flush
from appliance.uploads.media import Media
from appliance.uploads.steady import Steady
from appliance.uploads.volume import Volume

_SEGMENT = 1400  #: bytes of each piece of an example's dump
_DUMP_S = 0.05  #: seconds that an example's dump takes


def check(rules: UploadRules) -> Iterator[Problem]:
    """Yield an example of a detector's rule that does not hold, each with what is wrong."""
    for rule in (rules.cadence, rules.steady, rules.slow, rules.flush, rules.volume, rules.media):
        for example in rule.examples.matches:
            if not fires(rule, example):
                yield Problem("detectors", None, f"{rule.id}.examples.matches", f"does not fire: {example}")
        for example in rule.examples.other:
            if fires(rule, example):
                yield Problem("detectors", None, f"{rule.id}.examples.not", f"fires: {example}")


def fires(rule: DetectorRule, example: Stream) -> bool:
    """Whether the detector of ``rule`` fires on the stream."""
    pieces = list(_pieces(example))
    match rule:
        case CadenceRule():
            cadence = Cadence(rule)
            return any(cadence.feed(time, length, known=example.known) for time, length in pieces)
        case SteadyRule():
            steady = Steady(rule)
            return any(steady.feed(time, length, known=example.known) for time, length in pieces)
        case FlushRule():
            flush = Flush(rule)
            return example.known and any(flush.feed(time, length) for time, length in pieces)
        case VolumeRule() | MediaRule():
            return _fires_two_way(Volume(rule) if isinstance(rule, VolumeRule) else Media(rule), example, pieces)
        case _:
            raise TypeError(f"{rule.id} is no detector's rule")


def _fires_two_way(detector: Volume | Media, example: Stream, pieces: list[tuple[float, int]]) -> bool:
    fired = False
    for time, length in pieces:
        if example.down:
            detector.down(time, example.down)
        fired |= detector.feed(time, length) is not None
    return fired


def _pieces(example: Stream) -> Iterator[tuple[float, int]]:
    dump = range(0, example.dump, _SEGMENT)
    for number, _ in enumerate(dump):
        yield _DUMP_S * number / len(dump), _SEGMENT
    begin = _DUMP_S if example.dump else 0.0
    for number in range(int(example.for_s / example.every_s) + 1):
        yield begin + number * example.every_s, example.length
