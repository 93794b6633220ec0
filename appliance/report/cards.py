# SPDX-License-Identifier: GPL-2.0-or-later
"""Each speaker of a report on a card: how it stands, in a figure, a sentence and a few facts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.events import Device, Upload
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.words import Kind, counted, destination, size, words_for


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
    of_all = f"of {counted(uploads, 'upload')}"
    if kinds[Kind.UNEXPLAINED]:
        return Kind.UNEXPLAINED, "look", kinds[Kind.UNEXPLAINED], f"unexplained {of_all}"
    if kinds[Kind.NOTICE]:
        return Kind.NOTICE, "notice", kinds[Kind.NOTICE], f"worth a look {of_all}"
    if uploads and kinds[Kind.UNHEARD] == uploads:
        return Kind.UNHEARD, "unheard", uploads, "uploads, and no ear was listening"
    if kinds[Kind.UNHEARD]:
        return Kind.UNHEARD, "unheard", kinds[Kind.UNHEARD], f"unheard {of_all}"
    return Kind.ASKED, "fine", uploads, "uploads, each with a reason" if uploads else "uploads"


def _facts(device: Device | None, uploads: Sequence[Upload]) -> Iterator[tuple[str, str]]:
    if device and device.model:
        yield "Model", device.model
    elif device and device.vendor:
        yield "Maker", device.vendor.capitalize()
    if uploads:
        yield "Sent", size(sum(upload.bytes_up for upload in uploads))
        hosts = Counter(destination(upload) for upload in uploads).most_common()
        yield "To", hosts[0][0] + (f" and {len(hosts) - 1} more" if len(hosts) > 1 else "")
    if device and device.by:
        yield "Known by", f"{device.by[0]} ({device.confidence:.0%})"
