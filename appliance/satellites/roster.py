# SPDX-License-Identifier: GPL-2.0-or-later
"""Which satellites a hub has, and who may become one: a small file that the service and the command line share.

Of tokens and of the secret of an invitation only hashes are in it.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.disk import replace_file
from appliance.limits import INVITATION_S, INVITATION_TRIES, ROSTER_BYTES, SATELLITES
from appliance.satellites.codes import new_secret
from appliance.satellites.messages import PartName

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RosterError(Exception):
    """A satellite cannot be let in; the message says why, to whoever tries."""


class Satellite(BaseModel):
    """One satellite of the home."""

    model_config = ConfigDict(frozen=True)

    name: PartName
    token: _Hash
    since: float  #: wall-clock seconds at which it was let in


class Invitation(BaseModel):
    """One satellite may come: until then, in steady seconds of one boot, and after so many wrong tries no more."""

    model_config = ConfigDict(frozen=True)

    secret: _Hash
    boot: str
    until: float
    tries: int


class _Book(BaseModel):
    model_config = ConfigDict(frozen=True)

    invitation: Invitation | None = None
    satellites: Annotated[tuple[Satellite, ...], Field(max_length=SATELLITES)] = ()


class Roster:
    """Reads the file anew when it has changed; whoever changes it has it alone meanwhile. Any thread may call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[tuple[int, int] | None, _Book] = (None, _Book())  # the file's stamp, and what it says

    @property
    def satellites(self) -> tuple[Satellite, ...]:
        """The satellites of the home."""
        return self._read().satellites

    def invite(self, boot: str, now: float) -> str:
        """Let one satellite come within INVITATION_S; return the secret. ``now``: steady seconds of ``boot``.

        An invitation before it is void.
        """
        secret = new_secret()
        with self._alone() as book:
            until = now + INVITATION_S
            invitation = Invitation(secret=_hash(secret), boot=boot, until=until, tries=INVITATION_TRIES)
            self._write(book.model_copy(update={"invitation": invitation}))
        return secret

    def admit(self, secret: str, name: str, boot: str, now: float, wall: float) -> str:
        """Let a satellite in that knows the secret; return its token. One of the same name before it is out.

        ``wall``: wall-clock seconds. Raises RosterError; each wrong secret uses up a try.
        """
        with self._alone() as book:
            invitation = book.invitation
            if invitation is None or invitation.boot != boot or not now < invitation.until:
                raise RosterError("nobody is invited now: ask the hub for a code, which is good for ten minutes")
            if not compare_digest(invitation.secret, _hash(secret)):
                left = invitation.model_copy(update={"tries": invitation.tries - 1}) if invitation.tries > 1 else None
                self._write(book.model_copy(update={"invitation": left}))
                raise RosterError("the code is not that of the hub's invitation")
            others = [each for each in book.satellites if each.name != name]
            if len(others) >= SATELLITES:
                raise RosterError(f"the hub has {SATELLITES} satellites already, and can have no more")
            token = secrets.token_hex(32)
            self._write(_Book(satellites=(*others, Satellite(name=name, token=_hash(token), since=wall))))
        return token

    def known(self, token: str) -> Satellite | None:
        """Return whose token that is; None if nobody's."""
        hashed = _hash(token)
        return next((each for each in self._read().satellites if compare_digest(each.token, hashed)), None)

    def revoke(self, name: str) -> bool:
        """Let a satellite in no more; say whether there was one of that name."""
        with self._alone() as book:
            left = tuple(each for each in book.satellites if each.name != name)
            if len(left) < len(book.satellites):
                self._write(book.model_copy(update={"satellites": left}))
        return len(left) < len(book.satellites)

    @contextmanager
    def _alone(self) -> Iterator[_Book]:
        """While in it, nobody else changes the file, in this process or another."""
        place = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
            yield self._read()
        finally:
            os.close(place)

    def _read(self) -> _Book:
        """Return what the file says; one that is damaged lets nobody in."""
        try:
            found = self._path.stat()
            if (stamp := (found.st_ino, found.st_mtime_ns)) != self._known[0]:
                with self._path.open("rb") as file:
                    self._known = stamp, _Book.model_validate_json(file.read(ROSTER_BYTES))
        except (OSError, ValidationError):
            self._known = None, _Book()
        return self._known[1]

    def _write(self, book: _Book) -> None:
        replace_file(self._path, book.model_dump_json(indent=1))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
