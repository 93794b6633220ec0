# SPDX-License-Identifier: GPL-2.0-or-later
"""Each speaker of a report on a card: how it stands, in a figure, a sentence and a few facts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.events import Device, Upload
from appliance.language import counted, spoken, translate
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.reasons import reason_in_words
from appliance.report.words import Kind, destination, size, words_for


@dataclass(frozen=True, slots=True)
class Card:
    """One speaker, in words."""

    name: str
    state: Kind
    pill: str
    figure: int
    sentence: str
    shares: Sequence[tuple[Kind, int]]
    facts: Sequence[tuple[str, str]]


def card(report: Report, names: Names, device: str) -> Card:
    """The card of ``device``."""
    verdicts = [verdict for verdict in report.verdicts if verdict.device == device and verdict.upload]
    uploads = [upload for upload in report.uploads if upload.flow.device == device]
    kinds = Counter(words_for(verdict).kind for verdict in verdicts)
    state, pill, figure, sentence = _state(kinds, len(uploads))
    return Card(
        name=names.of(device),
        state=state,
        pill=pill,
        figure=figure,
        sentence=sentence,
        shares=[(kind, kinds[kind]) for kind in Kind if kinds[kind]],
        facts=list(_facts(names.device(device), uploads)),
    )


def _state(kinds: Counter[Kind], uploads: int) -> tuple[Kind, str, int, str]:
    if count := kinds[Kind.UNEXPLAINED]:
        sentence = counted(uploads, "unexplained of {count} upload", "unexplained of {count} uploads")
        return Kind.UNEXPLAINED, translate("look"), count, sentence
    if count := kinds[Kind.NOTICE]:
        sentence = counted(uploads, "worth a look of {count} upload", "worth a look of {count} uploads")
        return Kind.NOTICE, translate("notice"), count, sentence
    if uploads and kinds[Kind.UNHEARD] == uploads:
        return Kind.UNHEARD, translate("unheard"), uploads, translate("uploads, and no ear was listening")
    if count := kinds[Kind.UNHEARD]:
        sentence = counted(uploads, "unheard of {count} upload", "unheard of {count} uploads")
        return Kind.UNHEARD, translate("unheard"), count, sentence
    sentence = translate("uploads, each with a reason") if uploads else translate("uploads")
    return Kind.ASKED, translate("fine"), uploads, sentence


def _facts(device: Device | None, uploads: Sequence[Upload]) -> Iterator[tuple[str, str]]:
    if device and device.model:
        yield translate("Model"), device.model
    elif device and device.vendor:
        yield translate("Maker"), device.vendor.capitalize()
    if uploads:
        yield translate("Sent"), size(sum(upload.bytes_up for upload in uploads))
        yield translate("To"), _hosts(Counter(destination(upload) for upload in uploads))
    if device and device.by:
        sure = spoken().percent(device.confidence)
        yield translate("Known by"), translate("{reason} ({sure})", reason=reason_in_words(device.by[0]), sure=sure)


def _hosts(hosts: Counter[str]) -> str:
    most = hosts.most_common(1)[0][0]
    others = len(hosts) - 1
    return counted(others, "{host} and {count} more", "{host} and {count} more", host=most) if others else most
