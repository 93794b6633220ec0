# SPDX-License-Identifier: GPL-2.0-or-later
"""The people of the house, and the programs that may ask: both are the owners' business."""

from collections.abc import Callable
from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from appliance.household import HouseholdError
from appliance.language import later, translate
from web.access import Access, access
from web.accounts import AccountsError, Role, Scope
from web.gate import the_person
from web.house import the_house
from web.pages.push import forget_browsers

users = Blueprint("users", __name__, url_prefix="/users")

#: What each may do, in words.
ROLES = {
    Role.VIEWER: later("May look"),
    Role.OWNER: later("Owner: may change everything"),
}
SCOPES = {
    Scope.READ: later("Read what happened"),
    Scope.CONTROL: later("Read, and change what owners change"),
    Scope.METRICS: later("Read metrics, and nothing else"),
}


@users.get("")
@access(Access.OWNER)
def show() -> str:
    """Show users and tokens."""
    return _page()


@users.post("")
@access(Access.OWNER)
def add() -> ResponseReturnValue:
    """Add a user."""
    said, house = request.form, the_house()
    try:
        house.accounts.users.add(
            said.get("name", "").strip(), _role(said.get("role")), said.get("password", ""), house.now()
        )
    except AccountsError as error:
        return _page(problem=str(error), name=said.get("name", "")), 422
    flash(translate("{name} can log in now, with the password that you chose.", name=said["name"].strip()), "success")
    return redirect("/users", 303)


@users.post("/role")
@access(Access.OWNER)
def change_role() -> ResponseReturnValue:
    """Let a user do more, or less."""
    said = request.form
    return _done(lambda: the_house().accounts.users.set_role(said.get("name", ""), _role(said.get("role"))))


@users.post("/password")
@access(Access.OWNER)
def give_password() -> ResponseReturnValue:
    """Give a user who forgot it another password."""
    said = request.form
    return _done(lambda: the_house().accounts.users.set_password(said.get("name", ""), said.get("password", "")))


@users.post("/remove")
@access(Access.OWNER)
def remove() -> ResponseReturnValue:
    """Remove a user; their browsers are told nothing any more."""
    name = request.form.get("name", "")

    def change() -> None:
        the_house().accounts.users.remove(name)
        forget_browsers(name)

    return _done(change)


@users.post("/tokens")
@access(Access.OWNER)
def make_token() -> ResponseReturnValue:
    """Make a token, and show it: this once."""
    said, house = request.form, the_house()
    try:
        scope = Scope(said.get("scope", ""))
        secret = house.accounts.tokens.add(said.get("name", "").strip(), scope, house.now())
    except (AccountsError, ValueError) as error:
        return _page(token_problem=str(error), token=said.get("name", "")), 422
    return _page(secret=secret), 201


@users.post("/tokens/revoke")
@access(Access.OWNER)
def revoke_token() -> ResponseReturnValue:
    """Let a token be good for nothing."""
    return _done(lambda: the_house().accounts.tokens.revoke(request.form.get("token", "")))


def _done(change: Callable[[], None]) -> ResponseReturnValue:
    try:
        change()
    except (AccountsError, HouseholdError, OSError) as error:
        flash(str(error), "error")
    else:
        flash(translate("Done."), "success")
    return redirect("/users", 303)


def _role(said: str | None) -> Role:
    with suppress(ValueError):
        return Role(said or "")
    return Role.VIEWER


def _page(**more: str) -> str:
    accounts, person = the_house().accounts, the_person()
    return render_template(
        "users.html",
        users=accounts.users.all(),
        tokens=accounts.tokens.all(),
        roles=[(role.value, translate(text)) for role, text in ROLES.items()],
        scopes=[(scope.value, translate(text)) for scope, text in SCOPES.items()],
        me=person.name if person else "",
        **more,
    )
