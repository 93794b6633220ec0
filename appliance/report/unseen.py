# SPDX-License-Identifier: GPL-2.0-or-later
"""What a report could not see or hear, said as clearly as what it saw."""

from collections import Counter
from collections.abc import Iterator

from appliance.report.model import Captured, Report
from appliance.report.timeline import Timeline
from appliance.report.words import counted

#: Link types of IEEE 802.11 frames, with and without a radio header (https://www.tcpdump.org/linktypes.html).
AIR = frozenset({105, 119, 127, 163, 192})


def not_seen(report: Report) -> Iterator[str]:
    """What could not be seen or heard, a sentence each; the last two always hold."""
    if not report.listened:
        yield "No sounds were given: every upload is unheard, none is explained and none is an accusation."
    unheard = sum(verdict.verdict == "unheard" for verdict in report.verdicts)
    if unheard and report.listened:
        yield f"No ear covered the room at {counted(unheard, 'upload')}: these are never an accusation."
    gaps = sum(verdict.verdict == "capture_gap" for verdict in report.verdicts)
    if gaps:
        yield f"Packets were lost around {counted(gaps, 'upload')}: what was there cannot be told."
    for capture in report.captures:
        if capture.damage:
            where = f"{capture.path} is damaged from byte {capture.damaged_at} on"
            yield f"{where} ({capture.damage}); the rest was not read."
    for capture in report.captures:
        yield from unread(capture)
    for what, losses in _losses(report).items():
        yield f"The capture missed {losses:,} {what}."
    for what, count in report.shed:
        yield f"{what[:1].upper()}{what[1:]}: {count:,}."
    yield "The traffic is encrypted: what an upload says cannot be known, only when it was sent, where to, how much."
    yield "What a speaker records and does not send cannot be seen."


def unread(capture: Captured) -> Iterator[str]:
    """What of a capture could not be read, since its link layer is not known here."""
    for link, count in sorted(capture.unread.items()):
        what = (
            "frames of the air, which WPA encrypts" if link in AIR else f"of link type {link}, which is not known here"
        )
        advice = "Capture on a bridge, a mirror port or an access point, as Ethernet."
        yield f"{counted(count, 'packet')} of {capture.path} could not be read: {what}. {advice}"


def not_drawn(timeline: Timeline) -> str:
    """What there was no room for on the lanes, or an empty text."""
    parts = (timeline.days_left_out, "earlier day"), (timeline.lanes_left_out, "speaker")
    said = " and ".join(counted(count, noun) for count, noun in parts if count)
    return f"Not drawn: {said}." if said else ""


def _losses(report: Report) -> Counter[str]:
    missing: Counter[str] = Counter()
    for loss in report.losses:
        missing[loss.what] += loss.missing
    return missing
