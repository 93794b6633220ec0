# SPDX-License-Identifier: GPL-2.0-or-later
"""The code that brings a satellite to its hub: a secret for the hub, and by what the satellite knows the hub.

24 letters and digits: 8 of them are the secret, which is good once and for some minutes; 16 are the beginning of the
fingerprint of the home's authority. So the satellite trusts the hub by what a person carried over, not because it was
the first to answer; and the secret goes to nobody else.
"""

import binascii
import secrets
from base64 import b32decode, b32encode
from typing import NamedTuple

_SECRET_BYTES, _MARK_BYTES = 5, 10  # 40 bits for some tries in ten minutes; 80 bits against a second pre-image
_LETTERS = (_SECRET_BYTES + _MARK_BYTES) * 8 // 5
_GROUP = 4


class CodeError(ValueError):
    """What was typed is no code."""


class Code(NamedTuple):
    """A code, taken apart."""

    secret: str  #: in hexadecimal digits
    mark: str  #: with which the fingerprint of the authority's certificate begins


def new_secret() -> str:
    """Return a secret that nobody can guess, in hexadecimal digits."""
    return secrets.token_hex(_SECRET_BYTES)


def write_code(secret: str, fingerprint: str) -> str:
    """Return the code as people type it, in groups of four."""
    text = b32encode(bytes.fromhex(secret + fingerprint[: 2 * _MARK_BYTES])).decode()
    return "-".join(text[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def read_code(typed: str) -> Code:
    """Return what a code says, however its letters are grouped. Raises CodeError."""
    text = "".join(typed.replace("-", "").split())
    if len(text) != _LETTERS:
        raise CodeError(f"a code has {_LETTERS} letters and digits; this has {len(text)}")
    try:
        raw = b32decode(text, casefold=True, map01="I").hex()
    except (binascii.Error, ValueError):
        raise CodeError("a code is of the letters A to Z and the digits 2 to 7") from None
    return Code(raw[: 2 * _SECRET_BYTES], raw[2 * _SECRET_BYTES :])
