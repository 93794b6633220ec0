# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of a report: what a verdict means to a person, sizes, times, destinations."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from appliance.events import Proof, Tell, Upload, Verdict
from appliance.language import later, spoken, translate


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
    "called": Words(Kind.ASKED, later("after its name")),
    "follow_up": Words(Kind.ASKED, later("the conversation went on")),
    "arbitration": Words(Kind.ASKED, later("another speaker was called")),
    "call": Words(Kind.CALL, later("a call, sound both ways")),
    "other_wake": Words(Kind.NOTICE, later("another assistant's name was said")),
    "false_wake": Words(Kind.NOTICE, later("misheard its name, then hung up")),
    "unexplained_speech": Words(Kind.UNEXPLAINED, later("people talked, nobody said its name")),
    "unexplained_silence": Words(Kind.UNEXPLAINED, later("the room was silent")),
    "unheard": Words(Kind.UNHEARD, later("no ear was listening there")),
    "capture_gap": Words(Kind.UNHEARD, later("packets were lost around it")),
    "silent_speaker": Words(Kind.SILENT, later("its name was said, it sent nothing")),
}
_KIND_OF_TELL: Mapping[str, Kind] = {Tell.NOBODY: Kind.ASKED, Tell.NOTICE: Kind.NOTICE}

#: Between a figure and its unit, so that no line ends there.
_TIED = "\N{NO-BREAK SPACE}"

_PROOFS = {
    Proof.SNI: later("it said so itself"),
    Proof.DNS: later("it asked for that name"),
    Proof.LEARNT: later("learnt from how it behaves"),
    Proof.OWNER: later("owner of the address"),
    Proof.NONE: later("known by its shape alone"),
}


def words_for(verdict: Verdict) -> Words:
    """The words of a verdict; one that this version does not know has its own name."""
    known = _WORDS.get(verdict.verdict)
    happened = translate(known.happened) if known else verdict.verdict.replace("_", " ")
    return Words(kind_of(verdict.verdict, verdict.tell), happened)


def kind_of(verdict: str, tell: str) -> Kind:
    """The kind of a verdict. One that this version does not know goes by its tell; none accuses louder than told."""
    known = _WORDS.get(verdict)
    if known is None or known.kind is Kind.UNEXPLAINED:
        return _KIND_OF_TELL.get(tell, Kind.UNEXPLAINED)
    return known.kind


def verdicts_of(kind: Kind) -> tuple[str, ...]:
    """The verdicts that are of one kind."""
    return tuple(verdict for verdict, words in _WORDS.items() if words.kind is kind)


def happened_in_words() -> dict[str, str]:
    """What each verdict means, by its name."""
    return {verdict: translate(words.happened) for verdict, words in _WORDS.items()}


def proof_in_words(by: Proof) -> str:
    """How a destination is known, for a person."""
    return translate(_PROOFS[by])


def size(count: float) -> str:
    """Bytes for people, in SI units: ``181 kB``, ``2.4 MB``."""
    for unit, factor in ((later("GB"), 1e9), (later("MB"), 1e6), (later("kB"), 1e3)):
        if count >= factor * 0.9995:
            figure = count / factor
            return _measured(figure, unit, digits=1 if figure < 9.95 and unit != "kB" else 0)
    return _measured(count, later("B"))


def seconds(span: float) -> str:
    """A stretch of time for people: ``0.8 s``, ``14 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if span < 10:
        return _measured(span, later("s"), digits=1)
    whole = round(span)
    if whole < 60:
        return _measured(whole, later("s"))
    if whole < 3600:
        return _two(whole // 60, later("min"), whole % 60, later("s"))
    return _two(whole // 3600, later("h"), whole % 3600 // 60, later("min"))


def _measured(figure: float, unit: str, digits: int = 0) -> str:
    return f"{spoken().number(figure, digits)}{_TIED}{translate(unit)}"


def _two(more: int, unit: str, less: int, lesser: str) -> str:
    return _TIED.join([_measured(more, unit), *([_measured(less, lesser)] if less else [])])


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
