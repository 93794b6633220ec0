# SPDX-License-Identifier: GPL-2.0-or-later
"""Links in messages: that it was seen, or that its speaker be hushed. Whoever got the message may use them, once."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from appliance.language import later, translate
from appliance.notify.errands import Wish
from appliance.report.words import size
from web.access import Access, access
from web.house import the_house

errands = Blueprint("errands", __name__)

_QUESTIONS = {
    Wish.SEEN: later("Say that somebody has seen this?"),
    Wish.HUSH_HOUR: later("Hear nothing of this speaker for an hour?"),
    Wish.HUSH_DAY: later("Hear nothing of this speaker till tomorrow?"),
}


@errands.get("/errands/<link>")
@access(Access.OPEN, attempts=True)
def ask(link: str) -> ResponseReturnValue:
    """Ask whether it shall be done: a telephone that only looks where a link leads does nothing."""
    office = the_house().office
    found = office.hush.read(link) if office else None
    if found is None:
        return render_template("errand.html", question=None), 410
    errand, message = found
    return render_template(
        "errand.html", question=translate(_QUESTIONS[errand.wish]), sent=size(message.latest.bytes_up)
    )


@errands.post("/errands/<link>")
@access(Access.OPEN, attempts=True, machine=True)
def run(link: str) -> ResponseReturnValue:
    """Do it. A telephone's button gets a word, a browser a page."""
    office = the_house().office
    done = office is not None and office.hush.run(link)
    if request.accept_mimetypes.accept_html and "text/html" in request.headers.get("Accept", ""):
        return render_template("errand.html", question=None, done=done), 200 if done else 410
    return ("", 204) if done else abort(410, translate("This link was used, or its message is gone."))
