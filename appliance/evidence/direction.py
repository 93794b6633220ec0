# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames of a capture are of one flow, and in which direction they go."""

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import U64, Frames
from appliance.events import FlowKey
from appliance.flows.addresses import ip_text

Mask = NDArray[np.bool_]
PROTOCOLS = {"tcp": 6, "udp": 17}


def goes_up(frames: Frames, flow: FlowKey) -> Mask:
    """Say which frames with a payload the device sent on a flow."""
    ports = (frames.source_port == flow.device_port) & (frames.target_port == flow.remote_port)
    mine = (frames.source == _number(flow.device)) & ports & _carries(frames, flow)
    return _at(mine, frames.target_high, frames.target_low, flow.remote)


def comes_down(frames: Frames, flow: FlowKey) -> Mask:
    """Say which frames with a payload the device got on a flow."""
    ports = (frames.target_port == flow.device_port) & (frames.source_port == flow.remote_port)
    mine = (frames.target == _number(flow.device)) & ports & _carries(frames, flow)
    return _at(mine, frames.source_high, frames.source_low, flow.remote)


def _number(mac: str) -> int:
    return int(mac.replace(":", ""), 16)


def _carries(frames: Frames, flow: FlowKey) -> Mask:
    carries: Mask = (frames.protocol == PROTOCOLS[flow.proto]) & (frames.payload > 0)
    return carries


def _at(mine: Mask, high: U64, low: U64, remote: str) -> Mask:
    """Return ``mine`` without the frames whose other end is not ``remote``."""
    for row in np.flatnonzero(mine).tolist():
        mine[row] = ip_text(int(high[row]), int(low[row])) == remote
    return mine
