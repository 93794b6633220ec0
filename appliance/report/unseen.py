# SPDX-License-Identifier: GPL-2.0-or-later
"""What a report could not see or hear, said as clearly as what it saw."""

from collections import Counter
from collections.abc import Iterator

from appliance.language import counted, spoken, translate
from appliance.report import words
from appliance.report.model import Captured, Report
from appliance.report.retold import retold
from appliance.report.timeline import Timeline

#: Link types of IEEE 802.11 frames, with and without a radio header (https://www.tcpdump.org/linktypes.html).
AIR = frozenset({105, 119, 127, 163, 192})


def not_seen(report: Report) -> Iterator[str]:
    """What could not be seen or heard, a sentence each; the last two always hold."""
    if not report.listened:
        yield translate("No ear was listening: every upload is unheard, none is explained and none is an accusation.")
    unheard = sum(verdict.verdict == "unheard" for verdict in report.verdicts)
    if unheard and report.listened:
        yield counted(
            unheard,
            "No ear covered the room at {count} upload: these are never an accusation.",
            "No ear covered the room at {count} uploads: these are never an accusation.",
        )
    gaps = sum(verdict.verdict == "capture_gap" for verdict in report.verdicts)
    if gaps:
        yield counted(
            gaps,
            "Packets were lost around {count} upload: what was there cannot be told.",
            "Packets were lost around {count} uploads: what was there cannot be told.",
        )
    for capture in report.captures:
        if capture.damage:
            where = f"{capture.path} is damaged from byte {capture.damaged_at} on"
            yield f"{where} ({capture.damage}); the rest was not read."
    for capture in report.captures:
        yield from unread(capture)
    for what, losses in _losses(report).items():
        yield translate("The capture missed {count} {what}.", count=spoken().number(losses), what=retold(what))
    for what, count in report.shed:
        yield f"{what[:1].upper()}{what[1:]}: {count:,}."
    yield translate(
        "The traffic is encrypted: what an upload says cannot be known, only when it was sent, where to, how much."
    )
    yield translate("What a speaker records and does not send cannot be seen.")


def unread(capture: Captured) -> Iterator[str]:
    """What of a capture could not be read, since its link layer is not known here."""
    for link, count in sorted(capture.unread.items()):
        what = (
            "frames of the air, which WPA encrypts" if link in AIR else f"of link type {link}, which is not known here"
        )
        advice = "Capture on a bridge, a mirror port or an access point, as Ethernet."
        yield f"{words.counted(count, 'packet')} of {capture.path} could not be read: {what}. {advice}"


def not_drawn(timeline: Timeline) -> str:
    """What there was no room for on the lanes, or an empty text."""
    parts = []
    if days := timeline.days_left_out:
        parts.append(counted(days, "{count} earlier day", "{count} earlier days"))
    if lanes := timeline.lanes_left_out:
        parts.append(counted(lanes, "{count} speaker", "{count} speakers"))
    what = translate("{one} and {other}", one=parts[0], other=parts[1]) if len(parts) > 1 else "".join(parts)
    return translate("Not drawn: {what}.", what=what) if what else ""


def _losses(report: Report) -> Counter[str]:
    missing: Counter[str] = Counter()
    for loss in report.losses:
        missing[loss.what] += loss.missing
    return missing
