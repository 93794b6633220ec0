# SPDX-License-Identifier: GPL-2.0-or-later
"""One flow under watch: its bursts and runs, and the upload that is open on it.

A run is pieces at most ``run_gap_s`` apart, a burst is runs at most ``burst_gap_s`` apart. An upload begins with the
burst in which a detector fired and ends with the last run in which one fired; runs that fire less than ``merge_gap_s``
apart are one upload, torn by Wi-Fi.

Most runs are over before any detector could fire, so their pieces are held back, and looked at only if the run lasts.
"""

from dataclasses import dataclass, field
from math import isfinite

from appliance.events import Device, FlowKey, Named, Piece, PieceKind, Role
from appliance.limits import HELD_PIECES, TLS_RECORD_HEADER
from appliance.rules import Rules, UploadRules
from appliance.uploads.acquaintance import Acquaintance
from appliance.uploads.detectors import Detectors
from appliance.uploads.hit import Hit
from appliance.uploads.recollection import KnownFlow


@dataclass(slots=True)
class OpenUpload:
    """An upload that is known and has not ended."""

    role: Role
    started_at: float
    known_at: float
    ended_at: float
    bytes_up: int = 0
    bytes_down: int = 0
    hits: dict[str, Hit] = field(default_factory=dict)


class FlowWatch:
    """Turns the pieces of one flow into its open upload."""

    def __init__(self, flow: FlowKey, rules: Rules) -> None:
        self.known = Acquaintance(flow, rules)
        self.opened_at = float("-inf")
        self.upload: OpenUpload | None = None
        self._rules: UploadRules = rules.uploads
        self._detectors = Detectors(flow, rules.uploads)
        self._held: list[Piece] | None = [] if self._detectors.patient else None  # None: the run has lasted
        self._last = self._uploaded_until = float("-inf")
        self._burst_at = self._run_at = 0.0
        self._burst_bytes = self._pending = 0  # of the burst, and those that the open upload has not counted yet

    def feed(self, piece: Piece, device: Device | None, booted_at: float) -> bool:
        """Take one upstream piece long enough for audio; return whether the run it belongs to carries voice."""
        self._segment(piece)
        if self._held is not None:
            self._held.append(piece)
            if not self._lasts(piece, device):
                return False
            pieces, self._held = self._held, None
        else:
            pieces = [piece]
        for each in pieces:
            self._detectors.feed(each, voice=self.known.voice(device), owned=self.known.owned(device))
        return bool(self._detectors.hits) and self._believable(piece, device, booted_at)

    def continues(self) -> bool:
        """Whether the run belongs to the open upload rather than to a new one."""
        return self.upload is not None and self._run_at - self.upload.ended_at <= self._rules.merge.merge_gap_s

    def begin(self, time: float) -> OpenUpload:
        """Open an upload with the run that fired at ``time``."""
        since = min(hit.since for hit in self._detectors.hits.values())
        started_at = self._burst_at if since - self._burst_at <= self._rules.merge.lead_s else since
        self.upload = OpenUpload(Role.VOICE, max(started_at, self._uploaded_until), time, time)
        self._pending = self._burst_bytes if started_at == self._burst_at else self._detectors.steady.total
        return self.upload

    def extend(self, upload: OpenUpload, time: float) -> None:
        """Count the run into the open upload, up to ``time``."""
        upload.hits = self._detectors.hits | upload.hits
        upload.ended_at = self._uploaded_until = time
        if "media" in upload.hits:
            upload.role = Role.CALL
        upload.bytes_up += self._pending
        self._pending = 0

    def down(self, time: float, size: int) -> None:
        """Take downstream bytes of the bin that ended at ``time``."""
        self._detectors.down(time, size)
        if self.upload is not None and time - self.upload.ended_at <= self._rules.merge.run_gap_s:
            self.upload.bytes_down += size

    def recollect(self) -> KnownFlow:
        """Return what is known of the flow."""
        known, times = self.known, (self.known.learnt_at, self.opened_at)
        learnt_at, opened_at = (time if isfinite(time) else None for time in times)
        return KnownFlow(known.flow, known.host, known.by, learnt_at, opened_at)

    def recall(self, before: KnownFlow) -> None:
        """Take what was known of the flow before."""
        if before.host is not None:
            self.known.named(Named(0.0, before.flow, before.host, before.by))
        if before.learnt_at is not None:
            self.known.learnt(before.learnt_at)
        if before.opened_at is not None:
            self.opened_at = before.opened_at

    def over(self, time: float) -> bool:
        """Whether by ``time`` no further run can belong to the open upload."""
        return self.upload is not None and time - self.upload.ended_at > self._rules.merge.close_s

    def _segment(self, piece: Piece) -> None:
        pause, self._last = piece.time - self._last, piece.time
        if pause > self._rules.merge.burst_gap_s:
            self._burst_at, self._burst_bytes = piece.time, 0
        if pause > self._rules.merge.run_gap_s:
            self._run_at = piece.time
            self._silence()
        size = piece.length + (0 if piece.kind is PieceKind.DATAGRAM else TLS_RECORD_HEADER)
        self._burst_bytes += size
        self._pending += size

    def _silence(self) -> None:
        """Let the detectors start over: the flow was silent for longer than a run allows."""
        if self._held is not None:
            self._held.clear()
            return
        self._detectors.silence()
        if self._detectors.patient:
            self._held = []

    def _lasts(self, piece: Piece, device: Device | None) -> bool:
        """Whether the run has come so far that a detector may fire; or too far to be held."""
        if piece.time - self._run_at >= self._rules.soonest_s or len(self._held or ()) >= HELD_PIECES:
            return True
        return self._burst_bytes >= self._rules.volume.min_bytes and self._detectors.fast and self.known.owned(device)

    def _believable(self, piece: Piece, device: Device | None, booted_at: float) -> bool:
        hits = self._detectors.hits
        if "media" in hits:
            return device is not None and device.speaker is not None
        if "volume" in hits:
            return True
        if not (self._detectors.steady.calm() and self._modest(piece.time, device) and self._talks(piece, device)):
            return False
        if self.known.role(device) not in (Role.VOICE, Role.UNKNOWN):
            return "cadence" in hits and "steady" in hits
        return "cadence" in hits or self._no_sync(piece.time, booted_at)

    def _modest(self, time: float, device: Device | None) -> bool:
        """Whether the burst so far is no more than a dump and a voice: a film that pauses for a second is not."""
        rule = self._rules.steady
        most = rule.max_bytes + rule.max_rate * (time - self._burst_at)
        return self.known.voice(device) or self._burst_bytes <= most

    def _talks(self, piece: Piece, device: Device | None) -> bool:
        """Whether the flow talks rather than fetches (a page's requests keep a beat too) or converses (a call)."""
        if piece.kind is PieceKind.DATAGRAM:
            if piece.time - self._run_at < self._rules.steady.bins * self._rules.steady.bin_s:
                return (
                    False  # what comes back is known a tenth of a second later, and a call must not be taken for voice
                )
            return self._detectors.steady.one_way(self._rules.volume.up_down_ratio)
        return self.known.voice(device) or self._detectors.steady.one_way(self._rules.steady.up_down_ratio)

    def _no_sync(self, time: float, booted_at: float) -> bool:
        """Whether this is no account's sync, which keeps a beat too, after a boot or a new connection."""
        hold_off = self._rules.steady.hold_off_s
        if time - booted_at < hold_off:
            return self._detectors.steady.slow(self._burst_at)
        opened_long_ago = time - self.opened_at >= hold_off
        return opened_long_ago or self._detectors.steady.small() or self._detectors.steady.slow(self._burst_at)
