# SPDX-License-Identifier: GPL-2.0-or-later
"""All detectors of one flow, each fed with what it is good for, and the union of what they found in the current run."""

from appliance.events import FlowKey, Piece, PieceKind
from appliance.rules import UploadRules
from appliance.uploads.cadence import Cadence
from appliance.uploads.flush import Flush
from appliance.uploads.hit import Hit
from appliance.uploads.media import Media
from appliance.uploads.steady import Steady
from appliance.uploads.volume import Volume


class Detectors:
    """Hears every upstream piece of one flow and remembers who fired since the last silence."""

    def __init__(self, flow: FlowKey, rules: UploadRules) -> None:
        self._rules = rules
        datagrams = flow.proto == "udp"
        self._cadence = Cadence(rules.cadence)
        self.steady = Steady(rules.steady)
        self._slow = Steady(rules.slow)
        self._flush = Flush(rules.flush)
        self._volume = Volume(rules.volume) if datagrams and flow.remote_port in rules.volume.ports else None
        self._media = Media(rules.media) if datagrams and flow.remote_port not in rules.media.ignore_ports else None
        self.fast = self._volume is not None  #: it may fire at once
        self.patient = self._media is None  #: each run is looked at by itself
        self.hits: dict[str, Hit] = {}

    def feed(self, piece: Piece, *, voice: bool, owned: bool) -> None:
        """Take one piece; ``voice``: a known voice flow, ``owned``: a vendor's speaker at an address of that vendor."""
        time, length = piece.time, piece.length
        found = [steady.feed(time, length, known=voice, owned=owned) for steady in (self._slow, self.steady)]
        if piece.kind is PieceKind.RECORD or length <= self._rules.cadence.max_packet:
            found.append(self._cadence.feed(time, length, known=voice))
        if voice:
            found.append(self._flush.feed(time, length))
        if self._media is not None:
            found.append(self._media.feed(time, length))
        if self._volume is not None and owned:
            found.append(self._volume.feed(time, length))
        self.hits.update((hit.detector, hit) for hit in found if hit is not None)

    def down(self, time: float, size: int) -> None:
        """Take downstream bytes of the bin that ended at ``time``."""
        self.steady.down(time, size)
        if self._volume is not None:
            self._volume.down(time, size)
        if self._media is not None:
            self._media.down(time, size)

    def silence(self) -> None:
        """Start over: the flow was silent for longer than a run allows."""
        self.hits.clear()
        for detector in (self._cadence, self.steady, self._slow, self._flush):
            detector.reset()
        if self._volume is not None:
            self._volume.reset()
