# SPDX-License-Identifier: GPL-2.0-or-later
"""An upload in time: how fast it went, and what was heard meanwhile, as data for the curve and as rows of a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from appliance.events import Upload, Wake
from appliance.evidence.rate import Rate
from appliance.language import later, spoken, translate
from appliance.limits import CURVE_ROWS
from appliance.report.timeline import Lane

#: Spans of a row, in seconds: the first by which the table is short enough.
_SPANS = (0.5, 1, 2, 5, 10, 30)
_WORDS = {
    "up": later("Sent"),
    "down": later("Came back"),
    "score": later("Wake word's score"),
    "heard": later("“{word}”, score {score}"),
    "rate": later("Kilobytes per second"),
    "seconds": later("Seconds after it began"),
    "speech": later("People talked"),
}


class Row(NamedTuple):
    """One line of the table: from when on, in seconds after the upload began, and what there was."""

    at: float
    up: int
    down: int
    heard: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What the script draws, and the same as a table."""

    data: dict[str, Any]
    rows: tuple[Row, ...]


def curve(upload: Upload, rate: Rate, lane: Lane | None) -> Curve:
    """Return the curve of an upload with the sounds of its speaker's lane; times in seconds after it began."""
    start = upload.started_at
    wakes = [(wake.time - start, wake) for wake in lane.wakes] if lane else []
    speech = [(span.start - start, span.end - start) for span in lane.speech] if lane else []
    end = rate.first + len(rate.up) * rate.step
    data = {
        "first": rate.first,
        "step": rate.step,
        "up": rate.up,
        "down": rate.down,
        "wakes": [[at, wake.word, wake.score, wake.near_miss] for at, wake in wakes if rate.first <= at <= end],
        "speech": [span for span in speech if span[1] >= rate.first and span[0] <= end],
        "ended": (upload.time if upload.ended_at is None else upload.ended_at) - start,
        "known": upload.known_at - start,
        "words": {name: spoken().text(text) for name, text in _WORDS.items()},
    }
    return Curve(data, tuple(_rows(rate, wakes, speech)))


def _rows(rate: Rate, wakes: list[tuple[float, Wake]], speech: list[tuple[float, float]]) -> Iterator[Row]:
    whole = len(rate.up) * rate.step
    span = next((each for each in _SPANS if whole / each <= CURVE_ROWS), _SPANS[-1])
    bins = round(span / rate.step)
    for place in range(0, len(rate.up), bins):
        at = rate.first + place * rate.step
        up, down = sum(rate.up[place : place + bins]), sum(rate.down[place : place + bins])
        heard = ", ".join(_heard(at, at + span, wakes, speech))
        if up or down or heard:
            yield Row(at, up, down, heard)


def _heard(
    since: float, until: float, wakes: list[tuple[float, Wake]], speech: list[tuple[float, float]]
) -> Iterator[str]:
    for at, wake in wakes:
        if since <= at < until:
            yield translate(_WORDS["heard"], word=wake.word, score=spoken().number(wake.score, 2))
    if any(start < until and end > since for start, end in speech):
        yield translate(_WORDS["speech"])
