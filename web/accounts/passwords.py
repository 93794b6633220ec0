# SPDX-License-Identifier: GPL-2.0-or-later
"""Passwords: kept as scrypt's hash alone, and checked in the same time whether or not there is such a user."""

from threading import BoundedSemaphore

from werkzeug.security import check_password_hash, generate_password_hash

from appliance.language import translate
from appliance.limits import HASHES_AT_ONCE, PASSWORD_CHARACTERS, PASSWORD_LEAST_CHARACTERS
from web.accounts.model import AccountsError

#: scrypt with N = 2^15, r = 8, p = 1: 32 MB for each, and a tenth of a second; more takes a small Pi too long.
_METHOD = "scrypt:32768:8:1"
#: Nobody's, of a password that nobody knows; checking against it takes as long as against anybody's.
_NOBODYS = (
    "scrypt:32768:8:1$Vb6ZSm0yX2nXJkqL$"
    "5b3f0a7c1e9d4f2683a1c05e7b9d2f4610c8e6a4b2907f5d3e1c9b8a7f605e4d"
    "3c2b1a09f8e7d6c5b4a3928170f6e5d4c3b2a1908f7e6d5c4b3a29180706f5e4"
)
_places = BoundedSemaphore(HASHES_AT_ONCE)


def may_be(password: str) -> None:
    """AccountsError if a new password is too short, or absurdly long."""
    if len(password) < PASSWORD_LEAST_CHARACTERS:
        raise AccountsError(translate("A password needs at least {count} characters.", count=PASSWORD_LEAST_CHARACTERS))
    if len(password) > PASSWORD_CHARACTERS:
        raise AccountsError(translate("A password has at most {count} characters.", count=PASSWORD_CHARACTERS))


def hashed(password: str) -> str:
    """Return what is kept of a new password. AccountsError if it may not be one."""
    may_be(password)
    with _places:
        return generate_password_hash(password, _METHOD)


def matches(kept: str | None, password: str) -> bool:
    """Say whether it is the password of which ``kept`` was kept; of None, after as long a time, that it is not."""
    with _places:
        return check_password_hash(kept or _NOBODYS, password[:PASSWORD_CHARACTERS]) and kept is not None
