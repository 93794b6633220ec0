# SPDX-License-Identifier: GPL-2.0-or-later
"""An upload, its frames, and what is known of its device, made by hand."""

import numpy as np

from appliance.capture.frames import Packets
from appliance.events import Device, FlowKey, Proof, Role, Upload
from appliance.uploads import KnownFlow, Recollection
from tests.flows.wire import record

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
#: Seconds, and the payload that the speaker sends
SENT = [
    (990.0, b""),
    (1000.0, record(113)),
    (1000.25, record(113)),
    (1000.5, record(113)),
    (1002.0, record(113)),
    (1003.0, b""),
]


def sent() -> Packets:
    """Return the frames of the upload, cut behind the header of a record."""
    frames = [_frame(payload) for _, payload in SENT]
    length = np.array([len(each) for each in frames], np.int64)
    buffer = np.frombuffer(b"".join(frames) + bytes(64), np.uint8)
    time = np.array([int(when * 1e9) for when, _ in SENT], np.int64)
    return Packets(buffer, np.cumsum(length) - length, np.minimum(length, 59), length, time, 1)


def _frame(payload: bytes) -> bytes:
    """Return a frame of the upload's flow."""
    ends = FLOW.device_port.to_bytes(2, "big") + FLOW.remote_port.to_bytes(2, "big")
    tcp = ends + bytes(8) + b"\x50\x10" + bytes(6)
    addresses = bytes([192, 168, 1, 20]) + bytes(map(int, FLOW.remote.split(".")))
    size = (40 + len(payload)).to_bytes(2, "big")
    ip = b"\x45\0" + size + bytes(4) + b"\x40\x06\0\0" + addresses
    return bytes(5) + b"\x01" + bytes.fromhex(MAC.replace(":", "")) + b"\x08\0" + ip + tcp + payload
