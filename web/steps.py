# SPDX-License-Identifier: GPL-2.0-or-later
"""The steps of the first run, in order; each can be left, and is taken up again."""

from collections.abc import Mapping
from contextlib import suppress

from flask import redirect, render_template
from werkzeug.wrappers import Response

from appliance.language import later, translate
from web.accounts import AccountsError
from web.house import the_house

#: Each by its address, and what it is about.
STEPS: Mapping[str, str] = {
    "language": later("Language"),
    "owner": later("Password"),
    "placement": later("Where it stands"),
    "speakers": later("Speakers"),
    "ears": later("Ears"),
    "phone": later("Your phone"),
    "test": later("A test"),
}
#: The first of those that need somebody who is logged in.
AFTER_LOGIN = "placement"


def step_page(step: str, **shown: object) -> str:
    """Return the page of a step; while the first run is not finished it is noted as the one to go on with."""
    accounts = the_house().accounts
    if accounts.unfinished and accounts.unfinished != step:
        with suppress(AccountsError):  # a full disk forgets where one was, and nothing else
            accounts.reach(step)
    names = [translate(name) for name in STEPS.values()]
    number = [*STEPS].index(step)
    here = {"names": names, "number": number, "onward": next_address(step), "step": step}
    return render_template(f"setup/{step}.html", **here, **shown)


def next_address(step: str) -> str:
    """Return where one goes after a step."""
    after = [*STEPS, ""][[*STEPS].index(step) + 1]
    return f"/setup/{after}" if after else "/"


def go_on(step: str) -> Response:
    """Lead on to the next step."""
    return redirect(next_address(step), 303)
