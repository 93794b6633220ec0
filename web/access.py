# SPDX-License-Identifier: GPL-2.0-or-later
"""What each view declares of who may come in. A view that declares nothing lets nobody in.

    @page.get("/speakers")
    @access(Access.VIEWER)                          # people who logged in; no program
    def show() -> str: ...

    @api.post("/answers")
    @access(Access.OWNER, scope=Scope.CONTROL)      # owners, and programs whose token has this scope
    def answer() -> ...

The decorator stands below the route's. ``body=`` lets a request be larger than REQUEST_BYTES; ``machine=`` is for views
that look at no cookie but at what they are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from appliance.limits import REQUEST_BYTES
from web.accounts import Person, Role
from web.accounts.model import Scope

__all__ = ["Access", "Rule", "Scope", "access", "rule_of"]

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "access_rule"


class Access(IntEnum):
    """Which people a view is for."""

    OPEN = 0  #: everybody in the home's network, without logging in
    NEWCOMER = 1  #: everybody, while the house has no owner; afterwards it is not there
    VIEWER = 2  #: whoever logged in
    OWNER = 3  #: owners


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may come in to one view."""

    who: Access
    scope: Scope | None = None  #: what a program's token must cover; without one no program comes in
    attempts: bool = False  #: a secret is tried here: POSTs are counted and limited
    body: int = REQUEST_BYTES  #: bytes that a request may have
    machine: bool = False  #: no browser's cookie means anything here, so no page can misuse one
    plain: bool = False  #: it stays on plain HTTP, also where the settings require the encrypted way

    def admits(self, person: Person) -> bool:
        """Say whether this person, or this program, may come in."""
        if self.who is Access.OPEN:
            return True
        if person.scope is not None:
            return self.scope is not None and person.scope.covers(self.scope)
        return self.who is Access.VIEWER or (self.who is Access.OWNER and person.role is Role.OWNER)


def access(  # noqa: PLR0913 - each is a right, and is named
    who: Access,
    *,
    scope: Scope | None = None,
    attempts: bool = False,
    body: int = REQUEST_BYTES,
    machine: bool = False,
    plain: bool = False,
) -> Callable[[View], View]:
    """Declare who may come in to a view."""
    rule = Rule(who, scope, attempts, body, machine, plain)

    def declare(view: View) -> View:
        view.__dict__[_MARK] = rule
        return view

    return declare


def rule_of(view: Callable[..., object] | None) -> Rule | None:
    """Return what a view declared; None if it declared nothing."""
    rule = getattr(view, _MARK, None)
    return rule if isinstance(rule, Rule) else None
