# SPDX-License-Identifier: GPL-2.0-or-later
"""The signature of a bundle: one block of a tar's size behind its end, which tar does not read.

A bundle is up to a few hundred megabytes, and Ed25519 wants the whole message twice. So what is signed is a line that
holds the SHA-256 of all that stands before the block.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from appliance.disk import fill_file
from appliance.limits import RELEASE_BYTES

_BLOCK = 512  # of a tar; one that is not whole would be an error to it
_MARK = b"\nearwitness release signature 1\n"
_PIECE = 1 << 20


class ReleaseError(Exception):
    """A bundle that is not installed; says why, and what to do."""


def sign(bundle: Path, key: Ed25519PrivateKey) -> None:
    """Put a signature behind a bundle, in place of one that is there. Raises ReleaseError and OSError."""
    with bundle.open("rb") as file:
        length = _unsigned(file, bundle)[0]
        file.seek(0)
        block = (_MARK + b64encode(key.sign(_statement(file, length))) + b"\n").ljust(_BLOCK, b"\n")
        file.seek(0)
        fill_file(bundle, (*_pieces(file, length), block), mode=0o644)


def signer(bundle: Path, keys: Mapping[str, bytes]) -> str:
    """Return the name of the key by which a bundle is signed. Raises ReleaseError if there is none, and OSError."""
    if not keys:
        raise ReleaseError("this program knows nobody whose releases it may install: by hand, install.sh --update does")
    with bundle.open("rb") as file:
        length, signature = _unsigned(file, bundle)
        if signature is None:
            raise ReleaseError(f"{bundle.name} is not signed: fetch it anew from where releases are published")
        file.seek(0)
        statement = _statement(file, length)
    for name, key in keys.items():
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, statement)
        except InvalidSignature:
            continue
        return name
    raise ReleaseError(f"{bundle.name} was changed, or somebody else signed it: fetch it anew, and check its SHA-256")


def _unsigned(file: BinaryIO, bundle: Path) -> tuple[int, bytes | None]:
    """Return the length of what is signed, and the signature if there is one."""
    length = file.seek(0, 2)
    if not _BLOCK <= length <= RELEASE_BYTES:
        raise ReleaseError(f"{bundle.name} is no release: it has {length} bytes")
    file.seek(length - _BLOCK)
    block = file.read(_BLOCK)
    if not block.startswith(_MARK):
        return length, None
    try:
        return length - _BLOCK, b64decode(block.removeprefix(_MARK).strip(b"\n"), validate=True)
    except ValueError:
        raise ReleaseError(f"{bundle.name} has a signature that cannot be read: fetch it anew") from None


def _statement(file: BinaryIO, length: int) -> bytes:
    digest = hashlib.sha256()
    for piece in _pieces(file, length):
        digest.update(piece)
    return f"earwitness release 1 sha256 {digest.hexdigest()}\n".encode()


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        length -= len(piece)
        yield piece
