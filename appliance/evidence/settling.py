# SPDX-License-Identifier: GPL-2.0-or-later
"""After the verdict: the hub puts what ears heard beside each capture, and says which are benign.

A capture with sounds beside it is settled; so this goes on where it stood, whoever was killed when.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from appliance.capture import CaptureError, open_capture
from appliance.events import Ear, Placement, Tell
from appliance.evidence.context import Context, read_context
from appliance.evidence.file import SIMULATED
from appliance.evidence.shelf import Kept, Shelf, key_of
from appliance.evidence.sounds import sounds_around
from appliance.ledger import Reader
from appliance.limits import EVIDENCE_AFTER_S, EVIDENCE_BEFORE_S, EVIDENCE_SETTLE_S, EVIDENCE_VERDICTS

_NEW = """
    SELECT verdict.id, verdict.boot, boot_id, about, moment, verdict.time, tell
    FROM verdict JOIN boot ON boot.id = verdict.boot WHERE final AND verdict.id > ? ORDER BY verdict.id DESC LIMIT ?
"""


class _Final(NamedTuple):
    """A final verdict: in which boot of the ledger, when, and how loudly it is told."""

    boot: int
    time: float
    tell: Tell


class Settling:
    """Settles captures; it remembers the newest verdicts, and reads only what is new."""

    def __init__(self) -> None:
        self._last = 0  # the newest verdict that was read
        self._finals: dict[str, _Final] = {}  # by key, oldest first

    def step(self, shelf: Shelf, reader: Reader, furniture: Sequence[Ear | Placement], boot: int, now: float) -> int:
        """Settle the captures whose upload has had its final verdict for a while; return how many.

        ``furniture`` is what the household says of its ears and speakers; ``now`` the steady time of this ``boot``.
        Services write down late what they covered, and without that nobody could tell silence from nobody listening,
        so until then a capture waits. Raises ShelfError, LedgerError.
        """
        self._read(reader)
        count = 0
        for kept in shelf.unheard():
            final = self._finals.get(kept.key)
            if final is None or (final.boot == boot and now - final.time < EVIDENCE_SETTLE_S):
                continue
            if lines := _sounds(kept, reader, final.boot, furniture):
                shelf.settle(kept.key, final.tell)
                count += shelf.add_sounds(kept.key, lines) is not None
        return count

    def _read(self, reader: Reader) -> None:
        ((newest,),) = reader.rows("SELECT coalesce(max(id), 0) FROM verdict")
        if newest < self._last:  # another ledger has taken its place
            self._last, self._finals = 0, {}
        for id_, boot, boot_id, about, moment, time, tell in reversed(
            reader.rows(_NEW, (self._last, EVIDENCE_VERDICTS))
        ):
            key = key_of(boot_id, about, moment)
            self._finals.pop(key, None)
            self._finals[key] = _Final(boot, time, Tell(tell))
            self._last = id_
        while len(self._finals) > EVIDENCE_VERDICTS:
            del self._finals[next(iter(self._finals))]


def _sounds(kept: Kept, reader: Reader, boot: int, furniture: Sequence[Ear | Placement]) -> list[str]:
    """Return the lines that go with a capture; none if it is gone, or is not what it was."""
    with suppress(CaptureError), open_capture(kept.path) as capture:
        context = read_context(capture.comments)
        simulated = (capture.comment or "").startswith(SIMULATED)
        if context is not None:
            start, end = _span(context)
            return sounds_around(reader, boot, start, end, furniture, context.offset, simulated=simulated)
    return []


def _span(context: Context) -> tuple[float, float]:
    """Return from when to when a capture is, in steady seconds."""
    upload = context.upload
    end = upload.known_at if upload.ended_at is None else upload.ended_at
    return upload.started_at - EVIDENCE_BEFORE_S - context.offset, end + EVIDENCE_AFTER_S - context.offset
