# SPDX-License-Identifier: GPL-2.0-or-later
"""QUIC's Initial packets opened, with keys that anybody can derive (RFC 9001 section 5, RFC 9369 section 3.3).

By pycryptodomex's ciphers, a small library each: 1 MB of memory, which is taken when the first such packet comes.
aioquic's own reading of packets brings cryptography and 9 MB.
"""

import hmac
from collections.abc import Iterator, Mapping
from contextlib import suppress
from struct import pack
from typing import NamedTuple

from aioquic._buffer import Buffer

from appliance.lean import without

with without("cffi"):  # it compiles declarations; ctypes, which is there anyway, does without
    from Cryptodome.Cipher import AES

_VERSION_2 = 0x6B3343CF
_INITIAL, _RETRY = 0, 3  #: types of long headers, as version 1 counts them
_SAMPLE_BYTES, _TAG_BYTES = 16, 16
_NUMBER_BYTES = 4  #: of a packet number, at most


class Initials:
    """Opens a client's Initial packets of one flow."""

    def __init__(self, salts: Mapping[int, bytes]) -> None:
        """Take the salt of each version that is to be read."""
        self._salts = salts
        self._keys: _Keys | None = None

    def open(self, data: bytes) -> Iterator[bytes]:
        """Yield what the Initial packets of a datagram carry; raises ValueError for one that cannot be opened."""
        for packet in _initials(data):
            if packet.version in self._salts:
                yield self._opened(packet)

    def _opened(self, packet: "_Packet") -> bytes:
        """Decrypt a packet by the keys of the flow's first one, or else by its own."""
        if self._keys is not None:
            with suppress(ValueError):  # encrypted by other keys
                return self._keys.open(packet.data, packet.number_at)
        keys = _Keys(packet.version, self._salts[packet.version], packet.connection)
        body = keys.open(packet.data, packet.number_at)
        self._keys = keys
        return body


class _Packet(NamedTuple):
    """An Initial packet, still encrypted."""

    version: int
    connection: bytes  #: the server's connection id
    number_at: int  #: where in ``data`` the header ends but for the packet number
    data: bytes


def _initials(data: bytes) -> Iterator[_Packet]:
    """Yield the Initial packets of a datagram; it ends with what tells no length, or lies (RFC 9000 section 17.2)."""
    buffer = Buffer(data=data)
    with suppress(ValueError):  # the datagram ends too early
        while not buffer.eof():
            begin = buffer.tell()
            first, version = buffer.pull_uint8(), buffer.pull_uint32()
            connection = buffer.pull_bytes(buffer.pull_uint8())
            buffer.pull_bytes(buffer.pull_uint8())  # the client's connection id
            kind = ((first >> 4) - (version == _VERSION_2)) & 3
            if first < 0xC0 or version == 0 or kind == _RETRY:  # padding, or with a short header, are below 0xC0
                return
            if kind == _INITIAL:
                buffer.pull_bytes(buffer.pull_uint_var())  # the token
            size, number_at = buffer.pull_uint_var(), buffer.tell()
            buffer.seek(number_at + size)
            if kind == _INITIAL:
                yield _Packet(version, connection, number_at - begin, data[begin : number_at + size])


class _Keys:
    """The keys of a client's Initial packets."""

    def __init__(self, version: int, salt: bytes, connection: bytes) -> None:
        secret = _expanded(hmac.digest(salt, connection, "sha256"), b"client in", 32)
        name = b"quicv2 " if version == _VERSION_2 else b"quic "
        self._key, vector, mask = (_expanded(secret, name + label, size) for label, size in _PARTS)
        self._vector = int.from_bytes(vector, "big")
        self._header = AES.new(mask, AES.MODE_ECB)

    def open(self, packet: bytes, at: int) -> bytes:
        """Decrypt a packet whose number is at ``at``; raises ValueError if by other keys, or changed (section 5.4)."""
        sample = packet[at + _NUMBER_BYTES : at + _NUMBER_BYTES + _SAMPLE_BYTES]
        mask = self._header.encrypt(sample.ljust(_SAMPLE_BYTES, b"\0"))
        first = packet[0] ^ mask[0] & 0x0F
        end = at + 1 + (first & 3)
        number = bytes(hidden ^ by for hidden, by in zip(packet[at:end], mask[1:], strict=False))
        return self._body(bytes([first]) + packet[1:at] + number, int.from_bytes(number, "big"), packet[end:])

    def _body(self, header: bytes, number: int, body: bytes) -> bytes:
        """Decrypt what follows the header (section 5.3)."""
        cipher = AES.new(self._key, AES.MODE_GCM, nonce=(self._vector ^ number).to_bytes(12, "big"))
        cipher.update(header)
        return cipher.decrypt_and_verify(body[:-_TAG_BYTES], body[-_TAG_BYTES:])


_PARTS = ((b"key", 16), (b"iv", 12), (b"hp", 16))


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    """Return a key of up to 32 bytes for a purpose (RFC 8446 section 7.1; of HKDF, RFC 5869, one block will do)."""
    full = b"tls13 " + label
    purpose = pack(">HB", size, len(full)) + full + b"\0"
    return hmac.digest(secret, purpose + b"\x01", "sha256")[:size]
