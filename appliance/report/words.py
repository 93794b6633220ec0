# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of a report: what a verdict means to a person, sizes, times, destinations."""

from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from appliance.events import Proof, Tell, Upload, Verdict


class Kind(StrEnum):
    """The few things a mark on a lane can mean; each has its own colour and its own shape."""

    ASKED = "asked"
    CALL = "call"
    NOTICE = "notice"
    UNEXPLAINED = "unexplained"
    UNHEARD = "unheard"
    SILENT = "silent"  #: a wake word and no upload


class Words(NamedTuple):
    """A verdict in words: its kind, and what happened."""

    kind: Kind
    happened: str


_WORDS = {
    "called": Words(Kind.ASKED, "after its name"),
    "follow_up": Words(Kind.ASKED, "the conversation went on"),
    "arbitration": Words(Kind.ASKED, "another speaker was called"),
    "call": Words(Kind.CALL, "a call, sound both ways"),
    "other_wake": Words(Kind.NOTICE, "another assistant's name was said"),
    "false_wake": Words(Kind.NOTICE, "misheard its name, then hung up"),
    "unexplained_speech": Words(Kind.UNEXPLAINED, "people talked, nobody said its name"),
    "unexplained_silence": Words(Kind.UNEXPLAINED, "the room was silent"),
    "unheard": Words(Kind.UNHEARD, "no ear was listening there"),
    "capture_gap": Words(Kind.UNHEARD, "packets were lost around it"),
    "silent_speaker": Words(Kind.SILENT, "its name was said, it sent nothing"),
}
_KIND_OF_TELL = {Tell.NOBODY: Kind.ASKED, Tell.NOTICE: Kind.NOTICE}

#: Between a figure and its unit, so that no line ends there.
_TIED = "\N{NO-BREAK SPACE}"

_PROOFS = {
    Proof.SNI: "it said so itself",
    Proof.DNS: "it asked for that name",
    Proof.LEARNT: "learnt from how it behaves",
    Proof.OWNER: "owner of the address",
    Proof.NONE: "known by its shape alone",
}


def words_for(verdict: Verdict) -> Words:
    """The words of a verdict. One that this version does not know goes by its tell; none accuses louder than told."""
    by_tell = _KIND_OF_TELL.get(verdict.tell, Kind.UNEXPLAINED)
    words = _WORDS.get(verdict.verdict) or Words(by_tell, verdict.verdict.replace("_", " "))
    return words._replace(kind=by_tell) if words.kind is Kind.UNEXPLAINED else words


def proof_in_words(by: Proof) -> str:
    """How a destination is known, for a person."""
    return _PROOFS[by]


def size(count: float) -> str:
    """Bytes for people, in SI units: ``181 kB``, ``2.4 MB``."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor * 0.9995:
            figure = count / factor
            return f"{figure:.1f}{_TIED}{unit}" if figure < 9.95 and unit != "kB" else f"{figure:,.0f}{_TIED}{unit}"
    return f"{count:.0f}{_TIED}B"


def seconds(span: float) -> str:
    """A stretch of time for people: ``0.8 s``, ``14 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if span < 10:
        return f"{span:.1f}{_TIED}s"
    whole = round(span)
    if whole < 60:
        return f"{whole}{_TIED}s"
    if whole < 3600:
        return _two(whole // 60, "min", whole % 60, "s")
    return _two(whole // 3600, "h", whole % 3600 // 60, "min")


def _two(more: int, unit: str, less: int, lesser: str) -> str:
    return _TIED.join([str(more), unit, *([str(less), lesser] if less else [])])


def local(time: float, zone: tzinfo | None) -> datetime:
    """``time`` (seconds since the epoch) on the clock of ``zone``; without one on this machine's, and then naive."""
    return datetime.fromtimestamp(time, tz=zone)


def counted(count: int, noun: str) -> str:
    """``1 upload``, ``14 uploads``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def destination(upload: Upload) -> str:
    """Where an upload went: the name, or the address where no name is known."""
    address = f"[{upload.flow.remote}]" if ":" in upload.flow.remote else upload.flow.remote
    return upload.host or f"{address}:{upload.flow.remote_port}"
