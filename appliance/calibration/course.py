# SPDX-License-Identifier: GPL-2.0-or-later
"""The course of a calibration: which command is asked for by now, and what was caught of each. Pure.

It is made anew out of all facts since its begin, in whatever order they came: so a page may be loaded again, a word
that an ear tells late is no word lost, and nothing is kept between two looks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from appliance.events import Speech, Upload, Wake

#: Commands that are asked for; three of them say what is usual, and two may go wrong.
COMMANDS = 5
#: Seconds that somebody has for one: to read, to say it, and for the upload to end.
PATIENCE_S = 25.0
#: Seconds between the end of one upload and the next question, so that the speaker may answer.
PAUSE_S = 4.0
#: Seconds after which an upload that goes on is not waited for any more: it is a call, or none.
LONGEST_S = 40.0
#: Seconds before a question in which its command may begin: the page asks with a delay.
EARLY_S = 1.0

Fact = Upload | Wake | Speech


class Caught(StrEnum):
    """What was caught of one command."""

    BOTH = "both"  #: an ear heard the name, and the speaker sent it
    UNHEARD = "unheard"  #: the speaker sent it, and no ear heard the name
    UNSENT = "unsent"  #: an ear heard the name, and the speaker sent nothing
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Try:
    """One command, asked for at ``asked_at``; times are steady seconds of the boot."""

    asked_at: float
    until: float  #: when it was over, or will be if nothing more is caught
    over: bool
    upload: Upload | None  #: of the speaker, as it was described last
    wake: Wake | None  #: one of the speaker's names, the one next to the upload's start
    nearly: Wake | None  #: one that was nearly heard, if none was
    speech: bool  #: an ear near it heard somebody talk
    others: tuple[str, ...]  #: other devices that sent an upload meanwhile

    @property
    def caught(self) -> Caught:
        """What was caught of it."""
        if self.upload is not None:
            return Caught.BOTH if self.wake else Caught.UNHEARD
        return Caught.UNSENT if self.wake else Caught.NOTHING

    @property
    def delay_s(self) -> float | None:
        """Seconds from the end of the name to the start of the upload; negative if the upload began within the name."""
        if self.upload is None or self.wake is None:
            return None
        return self.upload.started_at - self.wake.time


@dataclass(frozen=True, slots=True)
class Whom:
    """The speaker that is called: its address, whether a word calls it, whether an ear hears it."""

    device: str
    calls: Callable[[str], bool]
    near: Callable[[str], bool]


def course(facts: Iterable[Fact], whom: Whom, since: float, now: float) -> list[Try]:
    """Return the commands asked for by ``now``, the last of which may go on; the first was asked for at ``since``.

    Nothing after ``now`` counts: what will be known then says nothing yet.
    """
    known = _Known(facts, whom, now)
    tries: list[Try] = []
    asked_at = since
    while len(tries) < COMMANDS and asked_at <= now:
        tries.append(known.look(asked_at, now))
        asked_at = tries[-1].until + PAUSE_S
    return tries


def is_over(tries: list[Try]) -> bool:
    """Whether every command was asked for, and is over."""
    return len(tries) == COMMANDS and tries[-1].over


class _Known:
    """What is known by now, sorted by what it is."""

    def __init__(self, facts: Iterable[Fact], whom: Whom, now: float) -> None:
        self._uploads: dict[object, Upload] = {}
        self._others: list[Upload] = []
        self._wakes: list[Wake] = []
        self._nearly: list[Wake] = []
        self._speech: list[Speech] = []
        for fact in sorted(facts, key=lambda fact: fact.time):
            if fact.time > now:
                break
            match fact:
                case Upload() if fact.flow.device == whom.device:
                    self._uploads[fact.key] = fact
                case Upload():
                    self._others.append(fact)
                case Wake() if whom.near(fact.ear) and whom.calls(fact.word):
                    (self._nearly if fact.near_miss else self._wakes).append(fact)
                case Speech() if whom.near(fact.ear):
                    self._speech.append(fact)
                case _:
                    pass

    def look(self, asked_at: float, now: float) -> Try:
        """Return what was caught of the command asked for at ``asked_at``."""
        begin, end = asked_at - EARLY_S, asked_at + PATIENCE_S
        uploads = [each for each in self._uploads.values() if begin <= each.started_at and each.known_at < end]
        upload = min(uploads, key=lambda each: each.known_at, default=None)
        until = end if upload is None else _ended(upload)
        wakes, nearly = (
            [each for each in words if begin <= each.time < min(end, until)] for words in (self._wakes, self._nearly)
        )
        return Try(
            asked_at=asked_at,
            until=until,
            over=now >= until,
            upload=upload,
            wake=_nearest(wakes, upload),
            nearly=None if wakes else _nearest(nearly, upload),
            speech=any(each.time < until and each.ended_at >= begin for each in self._speech),
            others=tuple(sorted({each.flow.device for each in self._others if begin <= each.known_at < until})),
        )


def _ended(upload: Upload) -> float:
    """Return when an upload is known to be over; one that goes on for too long is not waited for."""
    latest = upload.known_at + LONGEST_S
    return latest if upload.ended_at is None else min(upload.time, latest)


def _nearest(wakes: list[Wake], upload: Upload | None) -> Wake | None:
    """Return the word next to the start of the upload; the last one if there is none."""
    if upload is None:
        return max(wakes, key=lambda each: each.time, default=None)
    return min(wakes, key=lambda each: abs(each.time - upload.started_at), default=None)
