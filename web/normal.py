# SPDX-License-Identifier: GPL-2.0-or-later
"""What it would have taken for an upload to be judged otherwise, and how it compares with its speaker's others."""

from collections.abc import Iterator
from datetime import tzinfo

from appliance.diary.usual import Usual, lasted
from appliance.events import Upload, Verdict
from appliance.language import counted, later, spoken, translate
from appliance.report.words import local, seconds, size
from appliance.rules.verdicts import VerdictRules


def to_be_normal(verdict: Verdict, names: tuple[str, ...], rules: VerdictRules, zone: tzinfo) -> Iterator[str]:
    """Yield what would have made nobody wonder; ``names`` are those that the speaker listens to."""
    upload = verdict.upload
    if upload is None:
        yield translate("An upload within {span} of the wake word.", span=seconds(rules.silent_speaker_s))
        return
    yield from _a_name(upload, names, rules, zone)
    yield translate(
        "Or that it had begun within {span} of the end of an upload that was asked for.",
        span=seconds(rules.follow_up_s),
    )
    yield translate(
        "Or that another speaker had been called within {span} of it, and this one had stopped within {length}.",
        span=seconds(rules.arbitration_s),
        length=seconds(rules.arbitration_max_s),
    )
    yield from _closest(verdict)


def _a_name(upload: Upload, names: tuple[str, ...], rules: VerdictRules, zone: tzinfo) -> Iterator[str]:
    since, until = upload.started_at - rules.called_before_s, upload.started_at + rules.called_after_s
    first, last = (spoken().clock_to_the_second(local(time, zone)) for time in (since, until))
    said = ", ".join(f"“{name}”" for name in names)
    if said:
        yield translate(
            "That an ear of its room had heard {names} between {first} and {last}.", names=said, first=first, last=last
        )
    else:
        yield translate(
            "That an ear of its room had heard its name between {first} and {last}.", first=first, last=last
        )


def _closest(verdict: Verdict) -> Iterator[str]:
    score = next((each.value for each in verdict.evidence if each.key == "near_miss"), None)
    if isinstance(score, float):
        yield translate(
            "The closest that an ear heard had a score of {score}, too little to count.",
            score=spoken().number(score, 2),
        )


def beside_usual(upload: Upload, usual: Usual, zone: tzinfo) -> Iterator[str]:
    """Yield how an upload compares with the others of its speaker."""
    low, high = usual.size
    values = {"size": size(upload.bytes_up), "low": size(low), "high": size(high)}
    yield translate(_sized(upload.bytes_up, low, high), **values)
    low, high = usual.length
    span = lasted(upload)
    yield translate(_long(span, low, high), span=seconds(span), low=seconds(low), high=seconds(high))
    hour = local(upload.started_at, zone).replace(minute=0, second=0)
    yield counted(
        usual.same_hour,
        "{count} of its last {all} uploads began in the same hour of the day, from {hour} on.",
        "{count} of its last {all} uploads began in the same hour of the day, from {hour} on.",
        all=spoken().number(usual.count),
        hour=spoken().clock(hour),
    )


def _sized(count: int, low: float, high: float) -> str:
    if count > high:
        return later("{size} is more than usual for it: most of its uploads have {low} to {high}.")
    if count < low:
        return later("{size} is less than usual for it: most of its uploads have {low} to {high}.")
    return later("{size} is usual for it: most of its uploads have {low} to {high}.")


def _long(span: float, low: float, high: float) -> str:
    if span > high:
        return later("{span} is longer than usual: most last {low} to {high}.")
    if span < low:
        return later("{span} is shorter than usual: most last {low} to {high}.")
    return later("{span} is as long as usual: most last {low} to {high}.")
