# SPDX-License-Identifier: GPL-2.0-or-later
"""The one sentence that says what a report means, and what stands above and below it."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from appliance.events import Role, Tell, Verdict
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.words import Kind, counted, local, seconds, size, words_for

DAY = 86_400.0
#: Keys of the evidence that tells what ears heard: what an accusation stands on.
_HEARING = {"near_miss", "other_wake_score", "coverage"}


class Mood(StrEnum):
    """How a report looks at first glance."""

    ALERT = "alert"
    NOTICE = "notice"
    UNHEARD = "unheard"
    QUIET = "quiet"


class Headline(NamedTuple):
    """``kicker`` in a few words, ``sentence`` as large as it gets, ``detail`` under it."""

    mood: Mood
    kicker: str
    sentence: str
    detail: str


def headline(report: Report, names: Names) -> Headline:
    """The worst that happened, or that nothing did, or that nobody can know."""
    kinds = Counter(words_for(verdict).kind for verdict in report.verdicts)
    if kinds[Kind.UNEXPLAINED]:
        return _accusation(report, names, kinds[Kind.UNEXPLAINED])
    if not report.uploads:
        return _no_uploads(report)
    if not report.listened:
        return _nobody_listened(report)
    return _explained(report, names, kinds)


def dates(report: Report) -> str:
    """The day or days of a report; nothing for one without packets."""
    if not report.packets:
        return ""
    first, last = local(report.started_at, report.zone), local(report.ended_at, report.zone)
    if first.date() == last.date():
        return f"{first:%A %-d %B %Y}"
    return f"{first:%-d %B %Y} to {last:%-d %B %Y}"


def worst_first(verdict: Verdict) -> tuple[int, int, float]:
    """Sort key: the loudest first, then the largest, then the earliest."""
    loudness = [Tell.URGENT, Tell.ALERT, Tell.NOTICE, Tell.NOBODY].index(verdict.tell)
    return (loudness, -verdict.upload.bytes_up if verdict.upload else 0, verdict.time)


def _accusation(report: Report, names: Names, count: int) -> Headline:
    accusations = [(v, v.upload) for v in report.verdicts if words_for(v).kind is Kind.UNEXPLAINED and v.upload]
    worst, upload = min(accusations, key=lambda accusation: worst_first(accusation[0]))
    when = local(upload.started_at, report.zone)
    day = f" on {when:%A}" if report.ended_at - report.started_at > DAY else ""
    sentence = f"Your {names.of(upload.flow.device)} sent {size(upload.bytes_up)}{day} at {when:%H:%M}."
    ending = "Nobody said a word." if worst.verdict == "unexplained_silence" else "Nobody said its name."
    told = [evidence for evidence in worst.evidence[:1] if evidence.key not in _HEARING]
    told += [evidence for evidence in worst.evidence if evidence.key in _HEARING]
    detail = " ".join(_sentence(evidence.text) for evidence in told)
    return Headline(Mood.ALERT, f"{counted(count, 'upload')} nobody asked for", f"{sentence} {ending}", detail)


def _no_uploads(report: Report) -> Headline:
    speakers = sum(device.speaker is not None for device in report.devices)
    seen = f"{counted(speakers, 'speaker')} seen" if speakers else "No speaker seen"
    detail = f"{counted(report.packets, 'packet')} in {seconds(report.ended_at - report.started_at)}."
    return Headline(Mood.QUIET, seen, "Nothing that looks like a voice left the house.", detail)


def _nobody_listened(report: Report) -> Headline:
    uploads, speakers = len(report.uploads), len({upload.flow.device for upload in report.uploads})
    sentence = f"{counted(speakers, 'speaker')} sent {counted(uploads, 'voice upload')}. No ear was listening."
    detail = (
        "Whether somebody said a wake word before them cannot be known from packets alone. "
        "Give the sounds of the same hours with --sounds FILE, and each upload gets its verdict."
    )
    return Headline(Mood.UNHEARD, "Seen, but not heard", sentence, detail)


def _explained(report: Report, names: Names, kinds: Counter[Kind]) -> Headline:
    uploads = sum(upload.role is not Role.CALL for upload in report.uploads)
    quiet, verdicts = _period(report), Counter(verdict.verdict for verdict in report.verdicts)
    unheard, noticed = kinds[Kind.UNHEARD], sum(verdict.tell is not Tell.NOBODY for verdict in report.verdicts)
    detail = f"{size(sum(upload.bytes_up for upload in report.uploads))} of voice went out in all."
    if unheard:
        sentence = f"{counted(uploads, 'upload')}. For {unheard:,} of them no ear was listening."
        return Headline(Mood.UNHEARD, "Nothing unexplained, but not all was heard", sentence, detail)
    if misheard := _misheard(report, names):
        return Headline(Mood.NOTICE, "More often than it should", misheard, detail)
    if noticed:
        what = Counter(words_for(v).happened for v in report.verdicts if v.tell is not Tell.NOBODY)
        detail = _sentence(", ".join(f"{happened}: {count}" for happened, count in what.most_common()))
        sentence = f"{counted(uploads, 'upload')}, {noticed:,} of them worth a look."
        return Headline(Mood.NOTICE, "Nothing unexplained", sentence, detail)
    ending = "each after its name" if verdicts.keys() <= {"called", "silent_speaker"} else "all of them asked for"
    return Headline(Mood.QUIET, "Nothing unexplained", f"{quiet}: {counted(uploads, 'upload')}, {ending}.", detail)


def _misheard(report: Report, names: Names) -> str | None:
    """The sentence about the speaker that misheard its name most, once the judge finds it worth an alert."""
    wakes = [verdict for verdict in report.verdicts if verdict.verdict == "false_wake" and verdict.device]
    loud = Counter(verdict.device for verdict in wakes if verdict.tell in {Tell.ALERT, Tell.URGENT})
    if not loud:
        return None
    device = loud.most_common(1)[0][0]
    times = sum(verdict.device == device for verdict in wakes)
    return f"Your {names.of(device or '')} misheard its name {counted(times, 'time')}."


def _period(report: Report) -> str:
    days = round((report.ended_at - report.started_at) / DAY)
    return f"{days} quiet days" if days > 1 else "Quiet day" if days else "All quiet"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text[:1].upper()}{text[1:]}."
