# SPDX-License-Identifier: GPL-2.0-or-later
"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.access import Access, access
from web.accounts import Role
from web.browsers import browser_of
from web.cookies import give_session, take_session
from web.gate import the_person
from web.house import the_house

login = Blueprint("login", __name__)


@login.get("/login")
@access(Access.OPEN)
def ask() -> ResponseReturnValue:
    """Ask who is there; whoever is logged in goes on."""
    if the_person():
        return redirect(_onward(), 303)
    return render_template("login.html", name="", problem="", onward=_onward())


@login.post("/login")
@access(Access.OPEN, attempts=True)
def let_in() -> ResponseReturnValue:
    """Let in whoever knows their password."""
    house, name = the_house(), request.form.get("name", "")
    user = house.accounts.users.check(name, request.form.get("password", ""))
    if user is None:
        wrong = _("This name and this password do not belong together.")
        return render_template("login.html", name=name, problem=wrong, onward=_onward()), 403
    onward = _onward()
    if onward == "/" and user.role is Role.OWNER and (step := house.accounts.unfinished):
        onward = f"/setup/{step}"
    return welcome(user.name, onward)


@login.post("/logout")
@access(Access.OPEN)
def let_out() -> ResponseReturnValue:
    """End the session of this browser."""
    person = the_person()
    if person and person.session:
        the_house().accounts.sessions.end(person.session, person.name)
    return take_session(Response(status=303, headers={"Location": "/login"}))


def welcome(name: str, onward: str) -> Response:
    """Begin a session in this browser, and lead on."""
    session.pop("csrf_token", None)  # what a stranger's page was bound to is worth nothing from now on
    token = the_house().accounts.sessions.begin(name, browser_of(request.user_agent.string), the_house().now())
    return give_session(Response(status=303, headers={"Location": onward}), token)


def _onward() -> str:
    """Return where somebody wanted to go: a page of ours, whatever they were sent here with."""
    wanted = request.values.get("next", "/")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and wanted.isprintable()
    return wanted if ours else "/"
