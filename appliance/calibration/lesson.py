# SPDX-License-Identifier: GPL-2.0-or-later
"""What a calibration teaches: of the speaker, and of where Earwitness stands. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from appliance.calibration.course import COMMANDS, Caught, Try
from appliance.events import Upload

#: Commands of which both sides must have been caught before anything is learnt of them: chance has no such luck.
ENOUGH = 3


class Finding(StrEnum):
    """What is to be said of a calibration as a whole."""

    GOOD = "good"  #: every command was caught by both
    MOSTLY = "mostly"  #: enough of them
    NO_EAR = "no-ear"  #: nobody listens at all
    DEAF = "deaf"  #: uploads were seen, and no ear near it heard anybody talk: wrong room, or a muted microphone
    UNKNOWN_NAME = "unknown-name"  #: uploads were seen, somebody talked, and the name was not heard
    MUTED = "muted"  #: the name was heard, the speaker's traffic is seen, and it sent nothing: muted, or another name
    ELSEWHERE = "elsewhere"  #: the name was heard, and another speaker sent
    BLIND = "blind"  #: the name was heard, and nothing of the speaker is seen at all: the wrong place in the network
    NOTHING = "nothing"  #: neither the name nor an upload
    TOO_FEW = "too-few"  #: some of all that


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is usual for this speaker, by the commands of which both sides were caught."""

    commands: int
    host: str | None  #: where its voice goes
    remote: str  #: the address of that
    signature: str | None  #: the beat that it keeps
    rate: float  #: bytes a second, the median
    delay_s: float  #: from the end of its name to the start of its upload, the median
    spread_s: float  #: between the shortest and the longest of them


def finding(tries: Sequence[Try], *, ears: int, seen: bool) -> Finding:
    """Say what a finished calibration shows; ``ears`` are near it, ``seen``: frames of the speaker came meanwhile."""
    counts = Counter(each.caught for each in tries)
    heard, sent = counts[Caught.BOTH] + counts[Caught.UNSENT], counts[Caught.BOTH] + counts[Caught.UNHEARD]
    if counts[Caught.BOTH] == COMMANDS:
        return Finding.GOOD
    if counts[Caught.BOTH] >= ENOUGH:
        return Finding.MOSTLY
    if not ears:
        return Finding.NO_EAR
    if sent and not heard:
        return Finding.UNKNOWN_NAME if any(each.speech or each.nearly for each in tries) else Finding.DEAF
    if heard and not sent:
        return _unsent(tries, seen=seen)
    return Finding.TOO_FEW if heard else Finding.NOTHING


def _unsent(tries: Sequence[Try], *, seen: bool) -> Finding:
    if any(each.others for each in tries):
        return Finding.ELSEWHERE
    return Finding.MUTED if seen else Finding.BLIND


def lesson(tries: Sequence[Try]) -> Lesson | None:
    """Return what may be learnt; None if too few commands were caught by both sides."""
    both = [each for each in tries if each.caught is Caught.BOTH and each.upload and each.upload.ended_at]
    uploads = [each.upload for each in both if each.upload]
    delays = [each.delay_s for each in both if each.delay_s is not None]
    if len(both) < ENOUGH:
        return None
    host, remote = Counter((each.host, each.flow.remote) for each in uploads).most_common(1)[0][0]
    return Lesson(
        commands=len(both),
        host=host,
        remote=remote,
        signature=Counter(each.signature for each in uploads).most_common(1)[0][0],
        rate=median(map(_rate, uploads)),
        delay_s=median(delays),
        spread_s=max(delays) - min(delays),
    )


def _rate(upload: Upload) -> float:
    """Return the bytes a second of a whole upload."""
    lasted = (upload.ended_at or upload.known_at) - upload.started_at
    return upload.bytes_up / max(lasted, 0.1)
