# SPDX-License-Identifier: GPL-2.0-or-later
"""The first run, until somebody owns the house: language, then the one-time code and a password."""

from contextlib import suppress

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from appliance.household import HouseholdError
from appliance.language import translate
from appliance.tongues import LANGUAGES
from web.access import Access, access
from web.accounts import AccountsError, Role
from web.accounts.passwords import may_be
from web.cookies import keep_language
from web.house import House, the_house
from web.language import chosen_language
from web.pages.login import welcome
from web.steps import AFTER_LOGIN, step_page

setup = Blueprint("setup", __name__, url_prefix="/setup")

#: What each language calls itself.
OWN_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français"}


@setup.get("")
@access(Access.NEWCOMER)
def begin() -> str:
    """Ask for the language."""
    return step_page("language", languages=[(each, OWN_NAMES[each]) for each in LANGUAGES])


@setup.post("/language")
@access(Access.NEWCOMER)
def choose_language() -> ResponseReturnValue:
    """Take the language."""
    chosen = request.form.get("language", "")
    return keep_language(
        Response(status=303, headers={"Location": "/setup/owner"}), chosen if chosen in LANGUAGES else ""
    )


@setup.get("/owner")
@access(Access.NEWCOMER)
def ask() -> str:
    """Ask for the code, a name and a password."""
    return step_page("owner", name="", code="", problems={})


@setup.post("/owner")
@access(Access.NEWCOMER, attempts=True)
def own() -> ResponseReturnValue:
    """Make who has the code the owner of the house."""
    house, said = the_house(), request.form
    name, code = said.get("name", "").strip(), said.get("code", "")
    problems = _problems(house, code, said.get("password", ""), said.get("again", ""))
    if not problems:
        try:
            return _owned(house, name, said.get("password", ""))
        except AccountsError as error:
            problems = {"name": str(error)}
    return step_page("owner", name=name, code=code, problems=problems), 422


def _problems(house: House, code: str, password: str, again: str) -> dict[str, str]:
    """Return what is wrong, by field."""
    if not house.accounts.code.fits(code):
        return {"code": translate("This is not the code. To see it, type at the machine: sudo earwitness setup-code")}
    try:
        may_be(password)
    except AccountsError as error:
        return {"password": str(error)}
    return {"again": translate("This is another password than the one above.")} if again != password else {}


def _owned(house: House, name: str, password: str) -> Response:
    house.accounts.users.add(name, Role.OWNER, password, house.now())
    house.accounts.code.drop()
    house.accounts.reach(AFTER_LOGIN)
    with suppress(HouseholdError):  # alerts are in English then, until the settings say otherwise
        house.household.change(home=house.household.choices.home.model_copy(update={"language": chosen_language()}))
    return welcome(name, f"/setup/{AFTER_LOGIN}")
