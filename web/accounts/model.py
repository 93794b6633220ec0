# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may come in, and with what: people, their sessions, and tokens for programs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from appliance.limits import ACCOUNT_NAME_CHARACTERS, USER_AGENT_CHARACTERS


class AccountsError(Exception):
    """What was asked cannot be done; the message says why, and is for whoever asked."""


class Role(StrEnum):
    """What a person may do."""

    VIEWER = "viewer"  #: sees what happened
    OWNER = "owner"  #: changes what is watched, and who may see it


class Scope(StrEnum):
    """What a program may do that has a token."""

    READ = "read"  #: what a viewer sees
    CONTROL = "control"  #: that, and what an owner changes through the API
    METRICS = "metrics"  #: the metrics page, and nothing else

    def covers(self, other: "Scope") -> bool:
        """Say whether who has this may do what is open to the other."""
        return self is other or (self is Scope.CONTROL and other is Scope.READ)


def _plain(name: str) -> str:
    if name != name.strip() or not name.isprintable():
        raise ValueError("a name has no control characters, and no space at its ends")
    return name


#: What a person or a token is called.
Name = Annotated[str, Field(min_length=1, max_length=ACCOUNT_NAME_CHARACTERS), AfterValidator(_plain)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Row):
    """A person with a password. Times are wall-clock seconds."""

    name: Name
    role: Role
    password: str  #: scrypt's hash of it
    created: float


class Session(_Row):
    """One browser that somebody logged in with."""

    id: str  #: by which it is listed and revoked; no secret
    digest: str  #: SHA-256 of the token in the browser's cookie
    user: str
    created: float
    seen: float  #: the last time that it was used, give or take USE_NOTED_S
    browser: str = Field(max_length=USER_AGENT_CHARACTERS)


class Token(_Row):
    """A program's key."""

    id: str
    digest: str
    name: Name
    scope: Scope
    created: float
    used: float | None = None  #: give or take USE_NOTED_S


class Book(_Row):
    """Everything that is known of who may come in."""

    users: tuple[User, ...] = ()
    sessions: tuple[Session, ...] = ()
    tokens: tuple[Token, ...] = ()
    secret: str = ""  #: signs what forms carry, against forgery
    unfinished: str = ""  #: the step of the first run that comes next; none: it is finished

    def user(self, name: str) -> User | None:
        """Return the user of that name; capitals do not matter."""
        return next((each for each in self.users if each.name.casefold() == name.casefold()), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a user in a session, or a program with a token. What Flask-Login wants of a user is here too."""

    name: str
    role: Role | None = None  #: a user's
    scope: Scope | None = None  #: a token's
    session: str = ""  #: the session's id
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def is_owner(self) -> bool:
        """Say whether this is an owner, at a browser."""
        return self.role is Role.OWNER

    def get_id(self) -> str:
        """Return what Flask-Login knows a user by."""
        return self.session or self.name
