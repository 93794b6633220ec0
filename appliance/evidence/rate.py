# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast an upload went out, and what came back, as its evidence shows: bytes in each tenth of a second."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.capture import CaptureError, open_capture, parse
from appliance.capture.frames import Frames
from appliance.events import FlowKey
from appliance.evidence.context import read_context
from appliance.evidence.direction import comes_down, goes_up
from appliance.limits import RATE_BINS, RATE_STEP_S

_TCP = 6


@dataclass(frozen=True, slots=True)
class Rate:
    """Bytes of payload in each ``step`` seconds from ``first`` on, which is in seconds after the upload's start."""

    first: float
    step: float
    up: tuple[int, ...]
    down: tuple[int, ...]


def rate(path: Path, flow: FlowKey, before: float, after: float) -> Rate:
    """Return the rate of a flow in an evidence capture, from ``before`` its upload's start to ``after`` that.

    What TCP sent twice counts once. Raises CaptureError if the file is no evidence or cannot be read.
    """
    with open_capture(path) as capture:
        context = read_context(capture.comments)
        if context is None:
            raise CaptureError(f"{path}: does not say of which upload it is the evidence")
        start = context.upload.started_at
        bins = min(RATE_BINS, max(1, round((before + after) / RATE_STEP_S)))
        up, down = np.zeros(bins, np.int64), np.zeros(bins, np.int64)
        for packets in capture:
            frames = parse(packets)
            places = ((frames.packets.time / 1e9 - start + before) / RATE_STEP_S).astype(np.int64)
            _add(up, places, frames, goes_up(frames, flow))
            _add(down, places, frames, comes_down(frames, flow))
    return Rate(-before, RATE_STEP_S, tuple(up.tolist()), tuple(down.tolist()))


def _add(bins: NDArray[np.int64], places: NDArray[np.int64], frames: Frames, chosen: NDArray[np.bool_]) -> None:
    """Add the payloads of the frames ``chosen`` to the bins that they belong to."""
    rows = np.flatnonzero(chosen & (places >= 0) & (places < len(bins)))
    if len(rows) and frames.protocol[rows[0]] == _TCP:
        rows = rows[np.sort(np.unique(frames.sequence[rows], return_index=True)[1])]
    np.add.at(bins, places[rows], frames.payload[rows])
