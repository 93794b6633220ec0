# SPDX-License-Identifier: GPL-2.0-or-later
"""What an analysis ends in: everything that tables, lanes, pages and JSON lines are made from."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import chain

from appliance.events import Coverage, Device, Ear, Loss, Placement, Sound, Upload, Verdict
from appliance.language import later


@dataclass(frozen=True, slots=True)
class Captured:
    """One capture file that was read: its path as it was given, what it spanned, and where it broke off if it did."""

    path: str
    started_at: float
    ended_at: float
    packets: int
    bytes: int  #: bytes on the wire, as the packet headers say
    damaged_at: int | None = None  #: offset in the file from which on nothing could be read
    damage: str | None = None  #: what is wrong there
    unread: Mapping[int, int] = field(default_factory=dict)  #: link types (pcap numbers) not known here: their packets


@dataclass(frozen=True, slots=True)
class Report:
    """The end of an analysis. Uploads are completed, verdicts final; every sequence is in order of time."""

    captures: Sequence[Captured]
    uploads: Sequence[Upload] = ()
    verdicts: Sequence[Verdict] = ()
    devices: Sequence[Device] = ()
    losses: Sequence[Loss] = ()
    sounds: Sequence[Sound] = ()
    coverages: Sequence[Coverage] = ()
    ears: Sequence[Ear] = ()
    placements: Sequence[Placement] = ()
    shed: Sequence[tuple[str, int]] = ()  #: what a bound turned away, in words, and how many
    listened: bool = True  #: False: no sounds were given, so nothing could be heard
    simulated: bool = False  #: the household does not exist
    #: what to do where nobody listened
    advice: str = later("Give the sounds of the same hours with --sounds FILE, and each upload gets its verdict.")
    zone: tzinfo | None = None  #: of the clock on show; None: the machine's own
    _starts: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "captures", sorted(self.captures, key=lambda capture: capture.started_at))
        object.__setattr__(self, "_starts", [capture.started_at for capture in self.captures])

    @property
    def started_at(self) -> float:
        """When the first packet came."""
        return min((capture.started_at for capture in self.captures if capture.packets), default=0.0)

    @property
    def ended_at(self) -> float:
        """When the last packet came."""
        return max((capture.ended_at for capture in self.captures if capture.packets), default=0.0)

    @property
    def packets(self) -> int:
        """How many packets were read."""
        return sum(capture.packets for capture in self.captures)

    @property
    def bytes(self) -> int:
        """How many bytes went over the wire."""
        return sum(capture.bytes for capture in self.captures)

    def only(self, device: str) -> "Report":
        """What concerns ``device`` alone."""
        return replace(
            self,
            uploads=[upload for upload in self.uploads if upload.flow.device == device],
            verdicts=[verdict for verdict in self.verdicts if verdict.device == device],
            devices=[known for known in self.devices if known.device == device],
            losses=[loss for loss in self.losses if loss.device in {None, device}],
            placements=[placement for placement in self.placements if placement.device == device],
        )

    def capture_at(self, time: float) -> str:
        """The path of the capture that was running at ``time``; of several, the one begun last."""
        begun = self.captures[: bisect_right(self._starts, time)]
        running = (capture for capture in reversed(begun) if time <= capture.ended_at)
        return next(running, [*begun[-1:], *self.captures[:1], _NOTHING][0]).path


def together(reports: Sequence[Report]) -> Report:
    """Return several reports as one, in order of time; of a device known from several, what is known best.

    All have heard the same sounds.
    """
    if len(reports) == 1:
        return reports[0]
    every = chain.from_iterable
    devices: dict[str, Device] = {}
    for device in every(report.devices for report in reports):
        if device.device not in devices or device.confidence >= devices[device.device].confidence:
            devices[device.device] = device
    shed: Counter[str] = Counter()
    for report in reports:
        shed.update(dict(report.shed))
    return replace(
        reports[0],
        captures=list(every(report.captures for report in reports)),
        uploads=sorted(every(report.uploads for report in reports), key=lambda upload: upload.started_at),
        verdicts=sorted(every(report.verdicts for report in reports), key=lambda verdict: verdict.time),
        devices=list(devices.values()),
        losses=sorted(every(report.losses for report in reports), key=lambda loss: loss.time),
        shed=sorted(shed.items()),
        simulated=any(report.simulated for report in reports),
    )


_NOTHING = Captured("", 0.0, 0.0, 0, 0)
