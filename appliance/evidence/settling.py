# SPDX-License-Identifier: GPL-2.0-or-later
"""After the verdict: the hub puts what ears heard beside each capture, and says which are benign.

A capture with sounds beside it is settled; so this goes on where it stood, whoever was killed when.
"""

from collections.abc import Sequence
from contextlib import suppress

from appliance.capture import CaptureError, open_capture
from appliance.events import Ear, Placement, Tell
from appliance.evidence.context import Context, read_context
from appliance.evidence.file import SIMULATED
from appliance.evidence.shelf import Kept, Shelf, key_of
from appliance.evidence.sounds import sounds_around
from appliance.ledger import Reader
from appliance.limits import EVIDENCE_AFTER_S, EVIDENCE_BEFORE_S, EVIDENCE_SETTLE_S, EVIDENCE_VERDICTS

_FINAL = "SELECT boot, about, moment, time, tell FROM verdict WHERE final ORDER BY id DESC LIMIT ?"


def settle(shelf: Shelf, reader: Reader, furniture: Sequence[Ear | Placement], boot: int, now: float) -> int:
    """Settle the captures whose upload has had its final verdict for a while; return how many.

    ``furniture`` is what the household says of its ears and speakers; ``now`` the steady time of this ``boot``.
    Services write down late what they covered, and without that nobody could tell silence from nobody listening, so
    until then a capture waits. Raises ShelfError, LedgerError.
    """
    waiting = {kept.key: kept for kept in shelf.unheard()}
    if not waiting:
        return 0
    count = 0
    boots = dict(reader.rows("SELECT id, boot_id FROM boot"))
    for then, about, moment, time, tell in reader.rows(_FINAL, (EVIDENCE_VERDICTS,)):
        told = then != boot or now - time >= EVIDENCE_SETTLE_S
        kept = waiting.pop(key_of(boots[then], about, moment), None) if told else None
        if kept is not None and (lines := _sounds(kept, reader, then, furniture)):
            shelf.settle(kept.key, Tell(tell))
            count += shelf.add_sounds(kept.key, lines) is not None
    return count


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
