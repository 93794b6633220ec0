# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of a device and its flows: so much that who looks on from there comes to the same uploads."""

from typing import NamedTuple

from appliance.events import Device, FlowKey, Proof


class KnownFlow(NamedTuple):
    """One flow: its name and how that is known, and since when it has shown itself to be a voice flow, if it has."""

    flow: FlowKey
    host: str | None
    by: Proof
    learnt_at: float | None
    opened_at: float | None  #: if that was seen


class Recollection(NamedTuple):
    """One device with its flows, those lately used last."""

    device: Device
    booted_at: float | None  #: when it last asked for an address, if that was seen
    flows: tuple[KnownFlow, ...]
