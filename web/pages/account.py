# SPDX-License-Identifier: GPL-2.0-or-later
"""The account of who is logged in: their password, their language, where they are logged in."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from appliance.language import translate
from appliance.tongues import LANGUAGES
from web.access import Access, access
from web.accounts import AccountsError, Person
from web.cookies import keep_language
from web.gate import the_person
from web.house import the_house
from web.pages.login import welcome
from web.pages.setup import OWN_NAMES

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("")
@access(Access.VIEWER)
def show() -> str:
    """Show the account."""
    return _page({})


@account.post("/password")
@access(Access.VIEWER, attempts=True)
def change_password() -> ResponseReturnValue:
    """Take another password from who knows the one there is; every session ends but a new one of this browser."""
    users, said, person = the_house().accounts.users, request.form, _person()
    if said.get("password", "") != said.get("again", ""):
        return _page({"again": translate("This is another password than the one above.")}), 422
    if users.check(person.name, said.get("now", "")) is None:
        return _page({"now": translate("This is not your password.")}), 403
    try:
        users.set_password(person.name, said.get("password", ""))
    except AccountsError as error:
        return _page({"password": str(error)}), 422
    flash(translate("You have another password. Every other browser is logged out."), "success")
    return welcome(person.name, "/account")


@account.post("/language")
@access(Access.VIEWER)
def choose_language() -> Response:
    """Keep in this browser which language its reader wants; none: as the browser prefers."""
    chosen = request.form.get("language", "")
    return keep_language(Response(status=303, headers={"Location": "/account"}), chosen if chosen in LANGUAGES else "")


@account.post("/sessions/end")
@access(Access.VIEWER)
def end_session() -> ResponseReturnValue:
    """End one session of one's own, or all but this one."""
    sessions, person = the_house().accounts.sessions, _person()
    wanted = request.form.get("session", "")
    try:
        for each in sessions.of(person.name, the_house().now()):
            if wanted == each.id or (wanted == "others" and each.id != person.session):
                sessions.end(each.id, person.name)
    except AccountsError as error:
        flash(str(error), "error")
    return redirect("/account", 303)


def _person() -> Person:
    person = the_person()
    assert person is not None  # noqa: S101 - for the type checker: the gate let nobody else in
    return person


def _page(problems: dict[str, str]) -> str:
    person, house = _person(), the_house()
    return render_template(
        "account.html",
        person=person,
        problems=problems,
        sessions=house.accounts.sessions.of(person.name, house.now()),
        languages=[("", translate("As the browser prefers")), *((each, OWN_NAMES[each]) for each in LANGUAGES)],
        chosen=request.cookies.get("language", ""),
    )
