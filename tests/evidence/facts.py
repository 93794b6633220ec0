# SPDX-License-Identifier: GPL-2.0-or-later
"""An upload and what is known of its device, made by hand."""

from appliance.events import Device, FlowKey, Proof, Role, Upload
from appliance.uploads import KnownFlow, Recollection

MAC = "74:c2:46:00:00:01"
FLOW = FlowKey(MAC, "tcp", 40_000, "52.94.235.50", 443)
OTHER = FlowKey(MAC, "udp", 50_000, "2600:1f18::1", 443)
DEVICE = Device(900.0, MAC, "amazon-echo", "amazon", "Echo Dot", "Kitchen", 0.95, ("network chip by Amazon",))
KNOWN = Recollection(
    DEVICE,
    800.0,
    (
        KnownFlow(OTHER, "metrics.example", Proof.DNS, None, 850.0),
        KnownFlow(FLOW, "avs.example", Proof.SNI, 1000.4, None),
    ),
)
UPLOAD = Upload(
    time=1005.0,
    flow=FLOW,
    speaker="amazon-echo",
    host="avs.example",
    host_by=Proof.SNI,
    role=Role.VOICE,
    started_at=1000.0,
    known_at=1000.5,
    ended_at=1002.0,
    bytes_up=30_000,
    bytes_down=1_000,
    detectors=("cadence", "steady"),
    signature="echo-opus-32",
    confidence=0.9,
)
