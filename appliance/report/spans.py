# SPDX-License-Identifier: GPL-2.0-or-later
"""Stretches of time: joined, cut out of each other, cut to a window."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """From ``start`` to ``end``, in seconds."""

    start: float
    end: float


def joined(spans: Iterable[Span], within: float = 0.0) -> list[Span]:
    """``spans`` in order, those that overlap or lie no more than ``within`` seconds apart made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start - result[-1].end <= within:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """What is left of joined ``spans`` outside joined ``holes``."""
    cut = list(holes)
    for start, end in spans:
        at = start
        for hole in cut:
            if hole.end <= at or hole.start >= end:
                continue
            if hole.start > at:
                yield Span(at, hole.start)
            at = hole.end
        if at < end:
            yield Span(at, end)


def clipped(spans: Iterable[Span], window: Span) -> Iterator[Span]:
    """The parts of ``spans`` inside ``window``."""
    for span in spans:
        if span.end > window.start and span.start < window.end:
            yield Span(max(span.start, window.start), min(span.end, window.end))
