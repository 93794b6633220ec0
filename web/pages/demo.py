# SPDX-License-Identifier: GPL-2.0-or-later
"""The way into ``earwitness demo``: a link that works once, on that machine alone, and makes its browser the owner's.

A real house has no such page: only who replays a capture and serves it to nobody but this machine gets it, and only
the command makes a key.
"""

from flask import Blueprint, Flask, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from appliance.settings import Placement, Settings
from web.access import Access, access
from web.accounts.key import DemoKey
from web.gate import the_person
from web.house import the_house
from web.pages.login import welcome

#: Who owns a house that is not there.
OWNER = "Demo"

demo = Blueprint("demo", __name__)


def open_the_demo(app: Flask, settings: Settings) -> None:
    """Give the application of a house that is not there its way in; every page then says that nothing is real."""
    if settings.capture.placement is Placement.REPLAY and settings.web.address.is_loopback:
        app.register_blueprint(demo)
        app.jinja_env.globals["demo"] = True


@demo.get("/demo")
@access(Access.OPEN)
def enter() -> ResponseReturnValue:
    """Let in whoever has the key; whoever is in goes on."""
    house = the_house()
    if the_person():
        return redirect("/", 303)
    if not DemoKey(house.settings.paths.state).take(request.args.get("key", "")):
        abort(403, _("This link was used, or is of an earlier demo. The console shows a new one."))
    return welcome(OWNER, "/")
