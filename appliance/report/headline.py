# SPDX-License-Identifier: GPL-2.0-or-later
"""The one sentence that says what a report means, and what stands above and below it."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from appliance.events import Role, Tell, Verdict
from appliance.language import counted, later, spoken, translate
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.retold import retold
from appliance.report.words import Kind, local, seconds, size, words_for

DAY = 86_400.0
#: Keys of the evidence that tells what ears heard: what an accusation stands on.
_HEARING = {"near_miss", "other_wake_score", "coverage"}

#: The accusation, if people talked and if nobody did; of one day, and of several.
_WHEN = (
    later("Your {name} sent {size} at {time}. Nobody said its name."),
    later("Your {name} sent {size} at {time}. Nobody said a word."),
)
_WHEN_LONG = (
    later("Your {name} sent {size} on {weekday} at {time}. Nobody said its name."),
    later("Your {name} sent {size} on {weekday} at {time}. Nobody said a word."),
)


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
        return spoken().date(first)
    return translate("{first} to {last}", first=spoken().day(first), last=spoken().day(last))


def worst_first(verdict: Verdict) -> tuple[int, int, float]:
    """Sort key: the loudest first, then the largest, then the earliest."""
    loudness = [Tell.URGENT, Tell.ALERT, Tell.NOTICE, Tell.NOBODY].index(verdict.tell)
    return (loudness, -verdict.upload.bytes_up if verdict.upload else 0, verdict.time)


def _accusation(report: Report, names: Names, count: int) -> Headline:
    accusations = [(v, v.upload) for v in report.verdicts if words_for(v).kind is Kind.UNEXPLAINED and v.upload]
    worst, upload = min(accusations, key=lambda accusation: worst_first(accusation[0]))
    told_as = _WHEN_LONG if report.ended_at - report.started_at > DAY else _WHEN
    when = local(upload.started_at, report.zone)
    sentence = translate(
        told_as[worst.verdict == "unexplained_silence"],
        name=names.of(upload.flow.device),
        size=size(upload.bytes_up),
        weekday=spoken().weekday(when),
        time=spoken().clock(when),
    )
    told = [evidence for evidence in worst.evidence[:1] if evidence.key not in _HEARING]
    told += [evidence for evidence in worst.evidence if evidence.key in _HEARING]
    detail = " ".join(_sentence(retold(evidence.text)) for evidence in told)
    kicker = counted(count, "{count} upload nobody asked for", "{count} uploads nobody asked for")
    return Headline(Mood.ALERT, kicker, sentence, detail)


def _no_uploads(report: Report) -> Headline:
    speakers = sum(device.speaker is not None for device in report.devices)
    seen = counted(speakers, "{count} speaker seen", "{count} speakers seen") if speakers else None
    packets, span = report.packets, seconds(report.ended_at - report.started_at)
    detail = counted(packets, "{count} packet in {span}.", "{count} packets in {span}.", span=span)
    sentence = translate("Nothing that looks like a voice left the house.")
    return Headline(Mood.QUIET, seen or translate("No speaker seen"), sentence, detail)


def _nobody_listened(report: Report) -> Headline:
    speakers = len({upload.flow.device for upload in report.uploads})
    sentence = translate(
        "{speakers} sent {uploads}. No ear was listening.",
        speakers=counted(speakers, "{count} speaker", "{count} speakers"),
        uploads=counted(len(report.uploads), "{count} voice upload", "{count} voice uploads"),
    )
    detail = translate("Whether somebody said a wake word before them cannot be known from packets alone.")
    return Headline(Mood.UNHEARD, translate("Seen, but not heard"), sentence, f"{detail} {translate(report.advice)}")


def _explained(report: Report, names: Names, kinds: Counter[Kind]) -> Headline:
    uploads = sum(upload.role is not Role.CALL for upload in report.uploads)
    verdicts = Counter(verdict.verdict for verdict in report.verdicts)
    sent = size(sum(upload.bytes_up for upload in report.uploads))
    detail, nothing = translate("{size} of voice went out in all.", size=sent), translate("Nothing unexplained")
    if unheard := kinds[Kind.UNHEARD]:
        kicker = translate("Nothing unexplained, but not all was heard")
        return Headline(Mood.UNHEARD, kicker, _some(uploads, unheard, _UNHEARD), detail)
    if misheard := _misheard(report, names):
        return Headline(Mood.NOTICE, translate("More often than it should"), misheard, detail)
    if noticed := sum(verdict.tell is not Tell.NOBODY for verdict in report.verdicts):
        what = Counter(words_for(v).happened for v in report.verdicts if v.tell is not Tell.NOBODY)
        detail = _sentence(", ".join(f"{happened}: {count}" for happened, count in what.most_common()))
        return Headline(Mood.NOTICE, nothing, _some(uploads, noticed, _NOTICED), detail)
    by_name = verdicts.keys() <= {"called", "silent_speaker"}
    return Headline(Mood.QUIET, nothing, _quiet(report, uploads, by_name=by_name), detail)


#: All uploads in one number, and how many of them it is about.
_UNHEARD = later("{uploads}. For {some} of them no ear was listening.")
_NOTICED = later("{uploads}, {some} of them worth a look.")


def _some(uploads: int, some: int, sentence: str) -> str:
    told = counted(uploads, "{count} upload", "{count} uploads")
    return translate(sentence, uploads=told, some=spoken().number(some))


#: Nothing to wonder at: in some days, in one, in less. Each after its name, or asked for in another way.
_ASKED = (
    (
        later("{days} quiet days: {uploads}, each after its name."),
        later("{days} quiet days: {uploads}, all asked for."),
    ),
    (later("Quiet day: {uploads}, each after its name."), later("Quiet day: {uploads}, all of them asked for.")),
    (later("All quiet: {uploads}, each after its name."), later("All quiet: {uploads}, all of them asked for.")),
)


def _quiet(report: Report, uploads: int, *, by_name: bool) -> str:
    told = counted(uploads, "{count} upload", "{count} uploads")
    days = round((report.ended_at - report.started_at) / DAY)
    by, otherwise = _ASKED[0 if days > 1 else 1 if days else 2]
    return translate(by if by_name else otherwise, uploads=told, days=spoken().number(days))


def _misheard(report: Report, names: Names) -> str | None:
    """The sentence about the speaker that misheard its name most, once the judge finds it worth an alert."""
    wakes = [verdict for verdict in report.verdicts if verdict.verdict == "false_wake" and verdict.device]
    loud = Counter(verdict.device for verdict in wakes if verdict.tell in {Tell.ALERT, Tell.URGENT})
    if not loud:
        return None
    device = loud.most_common(1)[0][0]
    times = sum(verdict.device == device for verdict in wakes)
    return counted(
        times,
        "Your {name} misheard its name once.",
        "Your {name} misheard its name {count} times.",
        name=names.of(device or ""),
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text[:1].upper()}{text[1:]}."
