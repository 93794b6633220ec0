# SPDX-License-Identifier: GPL-2.0-or-later
"""How a connection introduces itself, by aioquic's encoders: TLS ClientHello (RFC 8446), QUIC Initial (RFC 9001)."""

from functools import cache, lru_cache

from aioquic._buffer import Buffer
from aioquic.quic.crypto import CryptoPair
from aioquic.tls import ClientHello, push_client_hello

from appliance.simulate.content import Noise

QUIC_V1 = 1
INITIAL_SIZE = 1250  #: bytes of a client's first datagram: at least 1200 (RFC 9000 section 14.1)
HELLOS_KEPT = 4096  #: names whose hello is kept ready; a household asks for fewer
PACKET_NUMBER = 2  #: bytes of the packet number in the Initial
CIPHERS = [0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D]
SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]


def client_hello(noise: Noise, host: str | None, *, tls13: bool, alpn: tuple[str, ...] = ()) -> bytes:
    """Return the ClientHello handshake message; without server name if ``host`` is None."""
    blank = _blank_hello(host, alpn, tls13=tls13)
    return blank[:6] + noise.take(32) + blank[38:39] + noise.take(32) + blank[71:]


@lru_cache(HELLOS_KEPT)
def _blank_hello(host: str | None, alpn: tuple[str, ...], *, tls13: bool) -> bytes:
    """Return a ClientHello whose random (at 6) and session id (at 39) are zeros, 32 bytes each."""
    hello = ClientHello(
        random=bytes(32),
        legacy_session_id=bytes(32),
        cipher_suites=CIPHERS if tls13 else CIPHERS[3:],
        legacy_compression_methods=[0],
        key_share=[(29, bytes(range(32)))],
        server_name=host,
        signature_algorithms=SIGNATURES,
        supported_groups=[29, 23, 24],
        supported_versions=[0x0304, 0x0303] if tls13 else [0x0303],
        alpn_protocols=list(alpn) or None,
    )
    buffer = Buffer(capacity=1024)
    push_client_hello(buffer, hello)
    return buffer.data


def hello_record(message: bytes) -> bytes:
    """Return a handshake message as the first TLS record of a connection."""
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


def quic_initial(noise: Noise, host: str) -> bytes:
    """Return a client's first QUIC v1 datagram, encrypted as RFC 9001 section 5.2 says, so everyone can read it."""
    connection, message = noise.take(8), client_hello(noise, host, tls13=True, alpn=("h3",))
    crypto_frame = b"\x06\x00" + _varint(len(message)) + message
    head = bytes([0xC0 | PACKET_NUMBER - 1]) + QUIC_V1.to_bytes(4, "big") + b"\x08" + connection + b"\x00\x00"
    payload = crypto_frame.ljust(INITIAL_SIZE - len(head) - 2 - PACKET_NUMBER - 16, b"\0")
    head += _varint(PACKET_NUMBER + len(payload) + 16) + bytes(PACKET_NUMBER)
    keys = CryptoPair()
    keys.setup_initial(connection, is_client=True, version=QUIC_V1)
    return keys.encrypt_packet(head, payload, 0)


def quic_long(noise: Noise, first: int, size: int) -> bytes:
    """Return a later handshake datagram of ``size`` bytes: a true long header (RFC 9000 section 17.2), then noise."""
    head = bytes([first]) + QUIC_V1.to_bytes(4, "big") + b"\x08" + noise.take(8) + b"\x08" + noise.take(8)
    head += b"\x00" if first & 0x30 == 0 else b""  # an Initial has a token, here an empty one
    return head + _varint(size - len(head) - 2) + noise.take(size - len(head) - 2)


@cache
def server_flight(*, tls13: bool) -> tuple[tuple[int, int], ...]:
    """Return the server's answer to a hello as (record type, length): certificates of the usual 3 to 4 kB."""
    if tls13:
        return ((22, 122), (20, 1), (23, 36), (23, 3420), (23, 286), (23, 53))
    return ((22, 89), (22, 3876), (22, 333), (22, 4))


def _varint(value: int) -> bytes:
    return (value | 0x4000).to_bytes(2, "big")
