# SPDX-License-Identifier: GPL-2.0-or-later
"""The constants of the detectors, one class each, and the signatures that name a codec.

All lengths are those of TLS records by their header (the payload of a lone record less 5 bytes) or of UDP payloads.
"""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from appliance.events import Proof
from appliance.rules.types import (
    Bytes,
    Count,
    Examples,
    Port,
    Rate,
    Ratio,
    Rule,
    Seconds,
    Several,
    Share,
    Strict,
    Words,
)


class Stream(Strict):
    """An example for a detector: a dump of ``dump`` bytes, then pieces of ``length`` bytes at a beat, upstream."""

    length: Bytes
    every_s: Seconds
    for_s: Seconds
    dump: Bytes = 0
    known: bool = Field(default=False, description="the flow is known as a voice flow")
    down: Bytes = Field(default=0, description="length of the downstream pieces at the same beat")


class DetectorRule(Rule):
    """What every detector's rule has."""

    examples: Examples[Stream]


class CadenceRule(DetectorRule):
    """Pieces of one length at a steady beat: a codec of constant bit rate."""

    id: Literal["cadence"]
    count: Count
    max_gap_s: Seconds
    min_span_s: Seconds
    count_known: Count = Field(description="enough on a flow known as voice, with min_span_known_s")
    min_span_known_s: Seconds
    min_length: Bytes
    max_length: Bytes
    max_packet: Bytes = Field(description="where packets stand in for records: longer ones are full, so all are equal")
    max_rate: Rate = Field(description="of the run; faster is a file, not speech")
    min_rate: Rate = Field(description="of the run; slower is a ping, no codec is")
    full_span_s: Seconds = Field(description="records longer than max_packet may fill packets: they must go on so long")
    moment_s: Seconds = Field(description="records nearer to each other than this came together, in one flight")
    min_moments: Count = Field(description="a run must come in so many flights: a slow start comes in a few")


class SteadyRule(DetectorRule):
    """Something in every bin, at a rate that speech has: any codec, also of variable bit rate."""

    id: Literal["steady", "slow"]
    bin_s: Seconds
    bins: Count
    bins_needed: Count
    bins_needed_known: Count = Field(description="on a flow known as voice")
    min_bytes: Bytes = Field(description="in all bins together")
    max_bytes: Bytes = Field(description="in all bins together, with the dump of the pre-roll")
    max_rate: Rate = Field(description="of a typical bin")
    max_rate_known: Rate = Field(description="of a typical bin, on a flow known as voice or its vendor's own")
    up_down_ratio: Ratio = Field(description="of records on a flow not known as voice; less up than that is fetching")
    hold_off_s: Seconds = Field(description="after a boot or a new connection an account's sync keeps a beat too")
    hold_off_after_s: Seconds = Field(description="in the hold-off, only what comes so long after the burst's start")
    hold_off_rate: Rate = Field(description="in the hold-off, of all bins together; slower is speech")
    hold_off_length: Bytes = Field(description="on a new connection, mean length of a piece; shorter is a codec's")


class FlushRule(DetectorRule):
    """A dump of the pre-roll and then a little beat, on a flow known as voice: the shortest uploads."""

    id: Literal["flush"]
    min_bytes: Bytes
    within_s: Seconds
    beat_s: Seconds
    bin_s: Seconds
    max_rate: Rate = Field(description="of each bin of the beat")


class VolumeRule(DetectorRule):
    """Much upstream in big datagrams to a voice name: QUIC, which keeps no beat."""

    id: Literal["volume"]
    bin_s: Seconds
    window_s: Seconds
    min_bytes: Bytes
    min_mean_datagram: Bytes
    up_down_ratio: Ratio
    ignore_below: Bytes = Field(description="shorter datagrams acknowledge, they carry nothing")
    ports: Annotated[tuple[Port, ...], Several]


class MediaRule(DetectorRule):
    """UDP both ways at a steady rate for long: a call."""

    id: Literal["media"]
    bin_s: Seconds
    bins: Count
    bins_needed: Count
    min_length: Bytes
    max_length: Bytes
    min_rate: Rate
    max_rate: Rate
    max_asymmetry: Ratio = Field(description="the busier way over the other, in bytes")
    ignore_ports: Annotated[tuple[Port, ...], Several] = Field(description="remote ports that never carry calls")


class MergeRule(Rule):
    """When two runs of one flow are one upload, and when it has ended."""

    id: Literal["merge"]
    run_gap_s: Seconds = Field(description="a run is pieces no further apart than this; detectors begin anew with it")
    burst_gap_s: Seconds = Field(description="a burst is pieces no further apart than this; an upload starts with one")
    merge_gap_s: Seconds = Field(description="runs that fire nearer than this are one upload")
    close_s: Seconds = Field(description="so long after its last run an upload has ended: merge_gap_s and time to fire")
    lead_s: Seconds = Field(description="an upload starts no longer than this before the evidence does")
    min_payload: Bytes = Field(description="shorter pieces are pings and window updates")
    learn_after: Count = Field(description="so many uploads seen by one detector make a flow known as voice")


class ReplyRule(Rule):
    """What counts as the cloud's answer to an upload, downstream on the same flow."""

    id: Literal["reply"]
    within_s: Seconds = Field(description="it begins so soon after the upload's last piece")
    gap_s: Seconds = Field(description="so long a silence ends it")
    longest_s: Seconds = Field(description="what goes on longer is music, not an answer")
    min_bytes: Bytes


class ConfidenceRule(Rule):
    """The doubt that each piece of evidence leaves; together they leave the product."""

    id: Literal["confidence"]
    detector: dict[str, Share]
    proof: dict[Proof, Share]
    signature: Share = Field(description="a known codec's record length and beat")
    not_a_speaker: Share = Field(description="the confidence's factor on a device that is not known as a speaker")


Detector = Annotated[
    CadenceRule | SteadyRule | FlushRule | VolumeRule | MediaRule | MergeRule | ReplyRule | ConfidenceRule,
    Field(discriminator="id"),
]


class Span(Strict):
    """A range of lengths, both ends belong to it."""

    min: Bytes
    max: Bytes


class Beat(Strict):
    """An example for a signature or a keep-alive: pieces of this length, this far apart."""

    length: Bytes
    every_s: Seconds


class SignatureRule(Rule):
    """A codec's record length and beat; it names what the detectors found and never decides alone."""

    vendor: str
    codec: Words
    lengths: Annotated[tuple[Bytes | Span, ...], Several] = Field(min_length=1)
    beat_s: Seconds
    tolerance: Share = Field(description="share of beat_s by which the mean beat may differ")
    examples: Examples[Beat]

    def fits(self, length: int, beat_s: float) -> bool:
        """Say whether records of ``length`` bytes, ``beat_s`` seconds apart in the mean, are this codec's."""
        return _among(self.lengths, length) and abs(beat_s - self.beat_s) <= self.tolerance * self.beat_s


class KeepaliveRule(Rule):
    """The small pieces an idle voice flow sends at long, regular times: how such a flow is learnt without its name."""

    vendor: str
    lengths: Annotated[tuple[Bytes | Span, ...], Several] = Field(min_length=1)
    period_s: Seconds
    tolerance_s: Seconds
    count: Count = Field(description="periods in a row, with nothing else between, that make the flow known")
    examples: Examples[Beat]

    def fits(self, length: int, gap_s: float) -> bool:
        """Say whether a piece of ``length`` bytes, ``gap_s`` seconds after the one before, is this keep-alive."""
        return _among(self.lengths, length) and abs(gap_s - self.period_s) <= self.tolerance_s


class UploadRules(Strict):
    """All that the detectors need."""

    cadence: CadenceRule
    steady: SteadyRule
    slow: SteadyRule = Field(description="the same for codecs that wait longer than a tenth of a second")
    flush: FlushRule
    volume: VolumeRule
    media: MediaRule
    merge: MergeRule
    reply: ReplyRule
    confidence: ConfidenceRule
    signatures: tuple[SignatureRule, ...]
    keepalives: tuple[KeepaliveRule, ...]

    @cached_property
    def soonest_s(self) -> float:
        """Seconds from the start of a run before which no detector but volume and media, which keep no beat, fires."""
        cadence = min(self.cadence.min_span_s, self.cadence.min_span_known_s)
        steady, slow = (
            (min(rule.bins_needed, rule.bins_needed_known) - 2) * rule.bin_s for rule in (self.steady, self.slow)
        )
        return min(cadence, steady, slow, self.flush.beat_s - 2 * self.flush.bin_s)

    def signature(self, length: int, beat_s: float) -> SignatureRule | None:
        """Return the codec that sends records of ``length`` bytes every ``beat_s`` seconds, the nearest beat first."""
        fitting = [signature for signature in self.signatures if signature.fits(length, beat_s)]
        return min(fitting, key=lambda signature: abs(signature.beat_s - beat_s), default=None)


def _among(lengths: tuple[int | Span, ...], length: int) -> bool:
    return any(each == length if isinstance(each, int) else each.min <= length <= each.max for each in lengths)
