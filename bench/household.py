# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the traffic that speed is measured with: a busy home's, in which speakers are a fiftieth of the frames.

Deterministic by seed. Every stream is well-formed, since a parser that gives up early would look fast: TCP numbers its
bytes and acknowledges, bulk is TLS records of 16 kB, QUIC begins with real Initials, names are asked for in DNS first.

    python -m bench.household FILE PACKETS
"""

import heapq
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from struct import pack, unpack

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

Timed = tuple[float, bytes]

ROUTER = bytes.fromhex("02000000fe01")
PHONES = [bytes.fromhex(f"0200000001{number:02x}") for number in range(12)]
SPEAKERS = [bytes.fromhex(f"4cefc0{number:06x}") for number in range(1, 5)]  # an address block of Amazon's
BEGIN = 1_760_000_000.0
PACKETS_PER_SECOND = 600
SPEAKER_SHARE = 0.02
OPEN_AT_ONCE = 48
SPEAKER_HOST = "avs-alexa-4-na.amazon.com"
UP, DOWN = 1, 0
SYN, ACK, PSH, FIN = 2, 16, 8, 1
_RECORD = b"\x17\x03\x03\x40\x00" + random.Random(0).randbytes(16_384)
_STREAM = _RECORD + _RECORD[:4096]
_TIMESTAMPS = bytes.fromhex("0101080a0001020300040506")


def write(path: Path, packets: int, seed: int = 1) -> None:
    """Write a pcap file of so many packets."""
    with path.open("wb", buffering=1 << 20) as file:
        file.write(pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for time, frame in _first(traffic(seed), packets):
            second = int(time)
            file.write(pack("<IIII", second, int((time - second) * 1e6), len(frame), len(frame)))
            file.write(frame)


def traffic(seed: int) -> Iterator[Timed]:
    """Yield time and frame without end, in order of time."""
    rng = random.Random(seed)
    return heapq.merge(_bulk(rng), *(_speaker(random.Random(seed * 1000 + n), n) for n in range(len(SPEAKERS))))


def _first(frames: Iterator[Timed], count: int) -> Iterator[Timed]:
    for _, timed in zip(range(count), frames, strict=False):
        yield timed


class _Host:
    """A device's connection to a remote: the layers below transport, over IPv4 or IPv6."""

    def __init__(self, rng: random.Random, device: bytes, *, six: bool) -> None:
        self.device, self.six = device, six
        self.port, self.name = rng.randrange(32_768, 60_999), f"cdn{rng.randrange(400)}.example.net"
        number = device[-1]
        if six:
            self.local = bytes.fromhex("20010db8") + bytes(11) + bytes([number])
            self.remote = b"\x26\x06" + rng.randbytes(14)
        else:
            self.local = bytes([192, 168, 1, 10 + number % 200])
            self.remote = bytes([rng.randrange(20, 100), *rng.randbytes(3)])

    def frame(self, up: int, protocol: int, segment: bytes) -> bytes:
        source, target = (self.local, self.remote) if up else (self.remote, self.local)
        macs = ROUTER + self.device if up else self.device + ROUTER
        if self.six:
            return (
                macs + b"\x86\xdd" + pack(">IHBB", 0x60000000, len(segment), protocol, 64) + source + target + segment
            )
        words = [0x4500, 20 + len(segment), 0, 0x4000, 64 << 8 | protocol, 0, *unpack(">4H", source + target)]
        words[5] = 0xFFFF - sum(words) % 0xFFFF  # without the right checksum, bridges with netfilter drop it
        return macs + b"\x08\x00" + pack(">6H", *words[:6]) + source + target + segment

    def udp(self, up: int, port: int, payload: bytes) -> bytes:
        ports = (self.port, port) if up else (port, self.port)
        return self.frame(up, 17, pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


class _Tcp(_Host):
    """A TLS connection, with the numbers of both directions."""

    def __init__(self, rng: random.Random, device: bytes, *, six: bool) -> None:
        super().__init__(rng, device, six=six)
        self.next = [rng.getrandbits(32), rng.getrandbits(32)]
        self.place = [0, 0]

    def segment(self, up: int, payload: bytes, flags: int = ACK) -> bytes:
        ports = (self.port, 443) if up else (443, self.port)
        header = pack(">HHIIBBHI", *ports, self.next[up], self.next[1 - up], 0x80, flags, 501, 0)
        self.next[up] = (self.next[up] + len(payload) + (flags & 3 > 0)) & 0xFFFFFFFF
        return self.frame(up, 6, header + _TIMESTAMPS + payload)

    def bulk(self, up: int, count: int) -> Iterator[bytes]:
        """Yield full segments of 16-kB records, and an acknowledgement for every second one."""
        for number in range(count):
            place = self.place[up]
            yield self.segment(up, _STREAM[place : place + 1428])
            self.place[up] = (place + 1428) % len(_RECORD)
            if number % 2:
                yield self.segment(1 - up, b"")

    def hello(self) -> Iterator[bytes]:
        """Yield the handshakes."""
        yield self.segment(UP, b"", SYN)
        yield self.segment(DOWN, b"", SYN | ACK)
        yield self.segment(UP, b"")
        yield self.segment(UP, client_hello(self.name), ACK | PSH)
        yield self.segment(DOWN, b"")
        yield self.segment(DOWN, b"\x16\x03\x03\x00\x7a" + _RECORD[:122] + b"\x14\x03\x03\x00\x01\x01")
        yield self.segment(UP, b"\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35" + _RECORD[:53])

    def goodbye(self) -> Iterator[bytes]:
        yield self.segment(UP, b"", FIN | ACK)
        yield self.segment(DOWN, b"", FIN | ACK)
        yield self.segment(UP, b"")


class _Quic(_Host):
    """A QUIC connection: a real Initial, then what looks like its short packets."""

    def hello(self) -> Iterator[bytes]:
        yield self.udp(UP, 443, _initial(int(self.name[3:-12]) % 40))
        for _ in range(3):
            yield self.udp(DOWN, 443, b"\xe0\x00\x00\x00\x01" + _RECORD[:1195])

    def bulk(self, up: int, count: int) -> Iterator[bytes]:
        for number in range(count):
            yield self.udp(up, 443, b"\x40" + _RECORD[number : number + 1249])
            if number % 4 == 3:
                yield self.udp(1 - up, 443, b"\x40" + _RECORD[number : number + 40])

    def goodbye(self) -> Iterator[bytes]:
        yield self.udp(UP, 443, b"\x40" + _RECORD[:32])


def _bulk(rng: random.Random) -> Iterator[Timed]:
    """Yield everything but the speakers: bursts of open connections, which now and then close for new ones."""
    time, step = BEGIN, 1 / PACKETS_PER_SECOND / (1 - SPEAKER_SHARE)
    connections: list[_Tcp | _Quic] = []
    while True:
        frames: list[bytes] = []
        if len(connections) < OPEN_AT_ONCE:
            connection = _connection(rng)
            frames += [*_dns(rng, connection), *connection.hello()]
            connections.append(connection)
        connection = rng.choice(connections)
        frames += connection.bulk(UP if rng.random() < 0.15 else DOWN, rng.randrange(4, 60))
        if rng.random() < 0.12:
            frames += connection.goodbye()
            connections.remove(connection)
        if rng.random() < 0.2:
            frames.append(_chatter(rng))
        for frame in frames:
            time += step * rng.uniform(0.2, 1.8)
            yield time, frame


def _connection(rng: random.Random) -> _Tcp | _Quic:
    kind = _Quic if rng.random() < 0.35 else _Tcp
    return kind(rng, rng.choice(PHONES), six=rng.random() < 0.3)


def _dns(rng: random.Random, connection: _Host) -> Iterator[bytes]:
    """Yield question and answer for the connection's name."""
    asker = _Host(rng, connection.device, six=False)
    asker.remote = bytes([192, 168, 1, 1])
    labels = b"".join(bytes([len(label)]) + label.encode() for label in connection.name.split(".")) + b"\0"
    kind = 28 if connection.six else 1
    question, number = labels + pack(">HH", kind, 1), rng.getrandbits(16)
    answer = b"\xc0\x0c" + pack(">HHIH", kind, 1, 300, len(connection.remote)) + connection.remote
    yield asker.udp(UP, 53, pack(">6H", number, 0x0100, 1, 0, 0, 0) + question)
    yield asker.udp(DOWN, 53, pack(">6H", number, 0x8180, 1, 1, 0, 0) + question + answer)


def _chatter(rng: random.Random) -> bytes:
    """Return one frame of what homes are never without: ARP, mDNS, DHCP."""
    host = _Host(rng, rng.choice(PHONES), six=False)
    kind = rng.randrange(3)
    if kind == 0:
        arp = bytes.fromhex("0806 0001 0800 0604 0001")
        return b"\xff" * 6 + host.device + arp + host.device + host.local + bytes(28)
    if kind == 1:
        host.remote, host.port = bytes([224, 0, 0, 251]), 5353
        return host.udp(UP, 5353, pack(">6H", 0, 0, 1, 0, 0, 0) + b"\x0b_googlecast\x04_tcp\x05local\0\0\x0c\0\x01")
    host.remote, host.port = b"\xff" * 4, 68
    options = b"\x63\x82\x53\x63\x35\x01\x03\x0c\x05phone\x37\x04\x01\x03\x06\x0f\xff"
    return host.udp(
        UP, 67, pack(">4BI", 1, 1, 6, 0, rng.getrandbits(32)) + bytes(20) + host.device + bytes(202) + options
    )


def _speaker(rng: random.Random, number: int) -> Iterator[Timed]:
    """Yield a speaker's day: keep-alives on a lasting connection, now and then a command and its reply."""
    tcp = _Tcp(rng, SPEAKERS[number], six=False)
    tcp.name = SPEAKER_HOST
    time = BEGIN + rng.uniform(0, 5)
    for frame in (*_dns(rng, tcp), *tcp.hello()):
        time += 0.01
        yield time, frame
    while True:
        for _ in range(rng.randrange(2, 8)):
            time += 30
            yield time, tcp.segment(UP, b"\x17\x03\x03\x00\x29" + _RECORD[:41], ACK | PSH)
            yield time + 0.03, tcp.segment(DOWN, b"")
        time += rng.uniform(1, 25)
        for frame, wait in _command(rng, tcp):
            time += wait
            yield time, frame


def _command(rng: random.Random, tcp: _Tcp) -> Iterator[tuple[bytes, float]]:
    """Yield frames and how long each is waited for: pre-roll, the beat of Opus records, the reply."""
    for size in (900, 1100, *[1400] * 14):
        yield tcp.segment(UP, b"\x17\x03\x03" + pack(">H", size) + _RECORD[:size], ACK | PSH), 0.03
    for _ in range(rng.randrange(80, 220)):
        yield tcp.segment(UP, b"\x17\x03\x03\x00\x71" + _RECORD[:113], ACK | PSH), 0.02
        yield tcp.segment(DOWN, b""), 0.0
    for frame in tcp.bulk(DOWN, rng.randrange(20, 240)):
        yield frame, 0.002


def client_hello(name: str) -> bytes:
    """Return a TLS record with a ClientHello that asks for a name (RFC 8446, RFC 6066)."""
    host = name.encode()
    sni = pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    versions = bytes.fromhex("002b000302030400 0a00040002001d")
    extensions = sni + versions + pack(">HH", 21, 300) + bytes(300)
    ciphers = bytes.fromhex("0006 1301 1302 1303 0100")
    body = b"\x03\x03" + _RECORD[:32] + b"\0" + ciphers + pack(">H", len(extensions)) + extensions
    return b"\x16\x03\x01" + pack(">H", len(body) + 4) + b"\x01" + len(body).to_bytes(3, "big") + body


_INITIALS: dict[int, bytes] = {}


def _initial(number: int) -> bytes:
    """Return one of a few real QUIC Initials (their keys differ from run to run, their sizes do not)."""
    if number not in _INITIALS:
        configuration = QuicConfiguration(
            is_client=True, alpn_protocols=["h3"], server_name=f"quic{number}.example.net"
        )
        client = QuicConnection(configuration=configuration)
        client.connect(("192.0.2.1", 443), now=0.0)
        _INITIALS[number] = client.datagrams_to_send(0.0)[0][0]
    return _INITIALS[number]


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
