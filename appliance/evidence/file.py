# SPDX-License-Identifier: GPL-2.0-or-later
"""The file: a device's frames as pcapng, with comments that say what it is and where the upload is in it."""

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np

from appliance.capture import parse
from appliance.capture.blocks import NANOSECONDS, interface, options, packet_blocks, section
from appliance.capture.frames import Frames, Packets
from appliance.events import FlowKey, Upload
from appliance.evidence.context import context_of
from appliance.evidence.direction import PROTOCOLS, goes_up
from appliance.flows.addresses import ip_text
from appliance.uploads import Recollection

SIMULATED = "simulated"  #: begins what is said of captures that were made up


def render(  # noqa: PLR0913 - what a file is made of
    packets: Packets,
    upload: Upload,
    known: Recollection,
    *,
    boot: str,
    offset: float,
    whole: bool = False,
    simulated: bool = False,
) -> bytes:
    """Return the file of one upload; ``offset`` seconds make wall-clock time of steady time.

    Raises ValueError if nothing can be said of the upload's device.
    """
    frames = parse(packets)
    ends = _ends(frames)
    flows = tuple(each for each in known.flows if _end(each.flow) in ends)
    context = context_of(upload, known._replace(flows=flows), boot, offset)
    said = [options(*comments) for comments in _remarks(frames, upload)]
    time = np.maximum(packets.time + round(offset * 1e9), 0)
    out, at = packet_blocks(time, packets.captured, packets.wire, np.fromiter(map(len, said), np.int64, len(said)))
    into, source = memoryview(out.data), packets.buffer.data
    columns = zip(at.tolist(), packets.at.tolist(), packets.captured.tolist(), said, strict=True)
    for begin, place, size, comment in columns:
        into[begin : begin + size] = source[place : place + size]
        behind = begin + size + -size % 4
        into[behind : behind + len(comment)] = comment
    title = _title(upload, offset, whole=whole, simulated=simulated)
    head = section(title, context.line()) + interface(link=packets.link, resolution=NANOSECONDS)
    return b"".join((head, out.data))


def _title(upload: Upload, offset: float, *, whole: bool, simulated: bool) -> str:
    """Say what the file is."""
    start = datetime.fromtimestamp(max(upload.started_at + offset, 0.0), UTC)
    what = f"frames of {upload.flow.device} around an upload of {start:%Y-%m-%d %H:%M:%S} UTC"
    kept = "as captured" if whole else "headers only, with zeros between those of TLS records"
    text = f"Earwitness evidence: {what}, {kept}"
    return f"{SIMULATED}; {text}" if simulated else text


def _remarks(frames: Frames, upload: Upload) -> list[list[str]]:
    """Return the comments of each frame: at the upload's start, where it was known, and at its end."""
    remarks: defaultdict[int, list[str]] = defaultdict(list)
    mine = np.flatnonzero(goes_up(frames, upload.flow))
    micros = frames.packets.time[mine] // 1000  # the unit of the facts' times
    for time, text in _moments(upload):
        place = int(np.searchsorted(micros, round(time * 1e6)))
        if len(mine):
            remarks[int(mine[min(place, len(mine) - 1)])].append(text)
    return [remarks.get(row, []) for row in range(len(frames))]


def _moments(upload: Upload) -> list[tuple[float, str]]:
    name = f"{upload.host or 'a host without a name'} (known by: {upload.host_by})"
    moments = [(upload.started_at, f"Upload starts: {upload.role} to {name}, speaker rule {upload.speaker or 'none'}")]
    seen = ", ".join(upload.detectors) + (f"; {upload.signature}" if upload.signature else "")
    after = upload.known_at - upload.started_at
    moments.append((upload.known_at, f"Upload known after {after:.2f} s: {seen}; confidence {upload.confidence:.2f}"))
    if upload.ended_at is not None:
        size = f"{upload.bytes_up} bytes up, {upload.bytes_down} down"
        moments.append((upload.ended_at, f"Upload ends after {upload.ended_at - upload.started_at:.2f} s: {size}"))
    return moments


_End = tuple[int, int, str, int]


def _end(flow: FlowKey) -> _End:
    return PROTOCOLS[flow.proto], flow.device_port, flow.remote, flow.remote_port


def _ends(frames: Frames) -> set[_End]:
    """Return protocol, port, address, and port there, of both directions of all frames."""
    up = (frames.source_port, frames.target_high, frames.target_low, frames.target_port)
    down = (frames.target_port, frames.source_high, frames.source_low, frames.source_port)
    rows = {
        row
        for columns in (up, down)
        for row in zip(frames.protocol.tolist(), *(column.tolist() for column in columns), strict=True)
    }
    return {(protocol, port, ip_text(high, low), there) for protocol, port, high, low, there in rows}
