# SPDX-License-Identifier: GPL-2.0-or-later
"""QUIC's Initial packets opened, with keys that anybody can derive (RFC 9001 section 5.2, RFC 9369 section 3.3).

Imported only when the first one comes, since the libraries take 8 MB. aioquic reads headers and decrypts; only the keys
are derived here, for its own derivation brings a whole TLS stack along: 5 MB more.
"""

from collections.abc import Iterator, Mapping
from struct import pack

from aioquic._buffer import Buffer
from aioquic._crypto import AEAD, HeaderProtection
from aioquic.quic.packet import QuicPacketType, QuicProtocolVersion, pull_quic_header
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand


class Initials:
    """Opens a client's Initial packets of one flow."""

    def __init__(self, salts: Mapping[int, bytes]) -> None:
        """Take the salt of each version that is to be read."""
        self._salts = salts
        self._keys: _Keys | None = None

    def open(self, data: bytes) -> Iterator[bytes]:
        """Yield what the Initial packets of a datagram carry; raises ValueError for one that cannot be opened."""
        buffer = Buffer(data=data)
        while not buffer.eof():
            start = buffer.tell()
            try:
                header = pull_quic_header(buffer, host_cid_length=8)
            except ValueError:
                return  # padding, or nothing of QUIC
            version = header.version or 0
            if header.packet_type is QuicPacketType.INITIAL and version in self._salts:
                packet = data[start : start + header.packet_length]
                yield self._opened(packet, buffer.tell() - start, version, header.destination_cid)
            buffer.seek(start + header.packet_length)

    def _opened(self, packet: bytes, at: int, version: int, connection: bytes) -> bytes:
        """Decrypt a packet by the keys of the flow's first one, or else by its own."""
        if self._keys is not None:
            try:
                return self._keys.open(packet, at)
            except ValueError:  # encrypted by other keys
                pass
        keys = _Keys(version, self._salts[version], connection)
        body = keys.open(packet, at)
        self._keys = keys
        return body


class _Keys:
    """The keys of a client's Initial packets."""

    def __init__(self, version: int, salt: bytes, connection: bytes) -> None:
        secret = HKDF(SHA256(), 32, salt, _info(b"client in", 32)).derive(connection)
        name = b"quicv2 " if version == QuicProtocolVersion.VERSION_2 else b"quic "
        key, vector, mask = (_expanded(secret, name + label, size) for label, size in _PARTS)
        self._body = AEAD(b"aes-128-gcm", key, vector)
        self._header = HeaderProtection(b"aes-128-ecb", mask)

    def open(self, packet: bytes, at: int) -> bytes:
        """Decrypt what begins at ``at``; raises ValueError if it was encrypted by other keys, or changed."""
        header, number = self._header.remove(packet, at)
        return self._body.decrypt(packet[len(header) :], header, number)


_PARTS = ((b"key", 16), (b"iv", 12), (b"hp", 16))


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    return HKDFExpand(SHA256(), size, _info(label, size)).derive(secret)


def _info(label: bytes, size: int) -> bytes:
    """Return what a key is derived for (HkdfLabel of RFC 8446 section 7.1)."""
    full = b"tls13 " + label
    return pack(">HB", size, len(full)) + full + b"\0"
