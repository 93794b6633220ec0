# SPDX-License-Identifier: GPL-2.0-or-later
"""A flood: each frame is of another device, and brings another connection, host name, or nonsense."""

from struct import pack

import numpy as np

from appliance.capture.frames import U8, Packets
from appliance.simulate.lan import dhcp_frames, dns_messages, mdns_frame, ssdp_frame

_HOUSE, _ROUTER = "02:00:00:00:00:00", "7c:2f:80:10:52:01"
_NAME = "x" * 12  # in its place comes a random one
_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789", np.uint8)
_HEADERS = 34  # Ethernet and IPv4


def flood(count: int, rate: float, seed: int = 1) -> Packets:
    """Return ``count`` frames, ``rate`` a second."""
    chance = np.random.default_rng(seed)
    templates = _templates()
    size = max(map(len, templates))
    table = np.array([np.frombuffer(frame.ljust(size, b"\0"), np.uint8) for frame in templates])
    kind = np.arange(count) % len(templates)
    frames: U8 = table[kind]
    frames[:, 7:12] = chance.integers(0, 256, (count, 5), np.uint8)  # the source's address, but for its first byte
    for number, template in enumerate(templates):
        rows = np.flatnonzero(kind == number)
        for at in _found(template, _NAME.encode()):
            frames[rows[:, None], at + np.arange(len(_NAME))] = chance.choice(_LETTERS, (len(rows), len(_NAME)))
        if template[12:14] == b"\x08\x00" and not _found(template, _NAME.encode()):  # both addresses' ends, both ports
            frames[rows[:, None], _HEADERS - 7 + np.arange(3)] = chance.integers(0, 256, (len(rows), 3), np.uint8)
            frames[rows[:, None], _HEADERS + np.arange(2)] = chance.integers(0, 256, (len(rows), 2), np.uint8)
    nonsense = np.flatnonzero(kind == 0)
    frames[nonsense, 14:] = chance.integers(0, 256, (len(nonsense), size - 14), np.uint8)
    sizes = np.array([len(template) for template in templates], np.int64)[kind]
    begins = np.arange(count, dtype=np.int64) * size
    return Packets(frames.reshape(-1), begins, sizes, sizes, (np.arange(count) * (1e9 / rate)).astype(np.int64), 1)


def _templates() -> list[bytes]:
    """Return a frame of each kind; the first is nonsense."""
    host = f"{_NAME}.example"
    options: list[tuple[str | int, object]] = [("hostname", _NAME), ("vendor_class_id", _NAME)]
    discover = dhcp_frames(_HOUSE, (_ROUTER, "192.168.1.1"), "192.168.1.9", options, 7)[0][1]
    question, answer = dns_messages(host, bytes([203, 0, 113, 9]), ())
    offer = (("_spotify-connect._tcp.local", _NAME, (f"id={_NAME}",)),)
    return [
        bytes.fromhex("ffffffffffff") + bytes(6) + b"\x08\x00" + bytes(200),
        _ipv4(17, pack(">HHHH", 40_000, 443, 508, 0) + b"\x40" + bytes(499)),
        _ipv4(17, pack(">HHHH", 40_000, 53, 8 + len(question), 0) + question),
        _ipv4(17, pack(">HHHH", 53, 40_000, 8 + len(answer), 0) + answer),
        _ipv4(6, pack(">HHIIBBHHH", 40_000, 443, 1, 0, 0x50, 2, 8192, 0, 0)),
        _ipv4(6, pack(">HHIIBBHHH", 40_000, 443, 1, 1, 0x50, 24, 8192, 0, 0) + _hello(host)),
        mdns_frame(_HOUSE, "192.168.1.9", (), offer, f"{_NAME}.local"),
        ssdp_frame(_HOUSE, "192.168.1.9", _NAME),
        discover,
    ]


def _ipv4(protocol: int, payload: bytes) -> bytes:
    head = pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
    addresses = bytes([192, 168, 1, 9, 203, 0, 113, 7])
    return bytes.fromhex("7c2f80105201") + bytes(6) + b"\x08\x00" + head + addresses + payload


def _hello(host: str) -> bytes:
    """Return the least that is a TLS ClientHello with a server name (RFC 8446, RFC 6066)."""
    name = host.encode()
    extension = pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    body = (
        b"\x03\x03"
        + bytes(32)
        + b"\x00"
        + pack(">HH", 2, 0x1301)
        + b"\x01\x00"
        + pack(">H", len(extension))
        + extension
    )
    handshake = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16\x03\x01" + pack(">H", len(handshake)) + handshake


def _found(frame: bytes, name: bytes) -> list[int]:
    """Return where in a frame the name stands."""
    places, at = [], frame.find(name)
    while at >= 0:
        places.append(at)
        at = frame.find(name, at + 1)
    return places
