# SPDX-License-Identifier: GPL-2.0-or-later
"""Files closed by a passphrase, as the tool ``age`` writes and opens them (https://age-encryption.org/v1).

A format that is specified, small and kept, so that a backup can be opened without us: ``age -d backup.age | tar xz``.
scrypt makes a key of the passphrase, which wraps the file's own; ChaCha20-Poly1305 closes pieces of 64 KiB, each with
its number and whether it is the last, so that none can be changed, moved, left out or cut off unnoticed.
"""

import os
import re
from base64 import b64decode, b64encode
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from appliance.limits import AGE_HEADER_BYTES, AGE_WORK, AGE_WORK_MOST

MAGIC = b"age-encryption.org/v1\n"
_LABEL = b"age-encryption.org/v1/scrypt"
_PIECE, _TAG = 64 << 10, 16
_ZERO = bytes(12)
_HEADER = re.compile(rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---")
_MAC = re.compile(rb" ([A-Za-z0-9+/]{43})\n")


class SealError(Exception):
    """The file cannot be opened: not with this passphrase, or it is damaged."""


class Sealer:
    """Closes what is written to it; ``close`` ends the file, without which it cannot be opened."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        self._out = out
        key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
        wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, AGE_WORK)).encrypt(_ZERO, key, None)
        header = MAGIC + b"-> scrypt %s %d\n%s\n---" % (_text(salt), AGE_WORK, _text(wrapped))
        out.write(header + b" " + _text(_mac(key, header).finalize()) + b"\n" + nonce)
        self._cipher = _pieces(key, nonce)
        self._waiting = bytearray()
        self._count = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._piece(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        """Write what is left."""
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_number(self._count, last=last), plain, None))
        self._count += 1


class Opener:
    """Opens what was closed, as it is read. Raises SealError as soon as anything is not as it was written."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        """Read the header; SealError if the passphrase is not the one."""
        self._source = source
        key = _unwrap(source, passphrase)
        self._cipher = _pieces(key, _exactly(source, 16))
        self._next = source.read(_PIECE + _TAG)
        self._plain = b""
        self._count = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer at the end; without ``size`` all there are."""
        parts, got = [self._plain], len(self._plain)
        while (size < 0 or got < size) and not self._ended:
            parts.append(self._piece())
            got += len(parts[-1])
        found = b"".join(parts)
        end = len(found) if size < 0 else size
        self._plain = found[end:]
        return found[:end]

    def _piece(self) -> bytes:
        sealed, self._next = self._next, self._source.read(_PIECE + _TAG)
        self._ended = not self._next
        try:
            plain = self._cipher.decrypt(_number(self._count, last=self._ended), sealed, None)
        except InvalidTag:
            raise SealError("the file is damaged, or cut short") from None
        if not plain and self._count:
            raise SealError("the file is damaged: it ends in nothing")
        self._count += 1
        return plain


def _unwrap(source: BinaryIO, passphrase: str) -> bytes:
    """Return the file's key."""
    header = b""
    while not header.endswith(b"\n---") and len(header) < AGE_HEADER_BYTES:
        header += _exactly(source, 1)
    said = _HEADER.fullmatch(header)
    mac = _MAC.fullmatch(_exactly(source, 45))
    if said is None or mac is None:
        raise SealError("this is no file that a passphrase closed by age")
    work = int(said[2])
    if work > AGE_WORK_MOST:
        raise SealError(f"opening it would take more memory than there is (work factor {work})")
    try:
        key = ChaCha20Poly1305(_stretched(passphrase, _bytes(said[1]), work)).decrypt(_ZERO, _bytes(said[3]), None)
        _mac(key, header).verify(_bytes(mac[1]))
    except (InvalidTag, InvalidSignature, ValueError):
        raise SealError("the passphrase is not the one of this file") from None
    return key


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = source.read(size)
    if len(found) < size:
        raise SealError("the file is cut short")
    return found


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=_LABEL + salt, length=32, n=1 << work, r=8, p=1).derive(passphrase.encode())


def _mac(key: bytes, header: bytes) -> HMAC:
    mac = HMAC(HKDF(SHA256(), 32, salt=None, info=b"header").derive(key), SHA256())
    mac.update(header)
    return mac


def _pieces(key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(key))


def _number(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _text(raw: bytes) -> bytes:
    return b64encode(raw).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    raw = b64decode(text + b"=" * (-len(text) % 4))
    if _text(raw) != text:
        raise ValueError("bits that mean nothing")
    return raw
