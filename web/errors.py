# SPDX-License-Identifier: GPL-2.0-or-later
"""What is shown to people when a request is not answered: what is the matter, and what to do."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from appliance.language import later, translate
from appliance.speakers import RegistryError


class _Words(NamedTuple):
    title: str
    advice: str


_BROKEN = _Words(
    later("Something went wrong"),
    later("It is written in the journal: journalctl -u earwitness-hub. Watching and judging go on all the while."),
)
_WORDS: Mapping[int, _Words] = {
    400: _Words(
        later("This did not arrive as it should"),
        later("Perhaps the page was open for long, or in two windows. Go back, load it anew, and try again."),
    ),
    403: _Words(later("This is not for you"), later("Owners of the house may do this. Ask one, or log in as one.")),
    404: _Words(later("There is nothing here"), later("It may have been forgotten by now, as the settings say.")),
    405: _Words(later("This cannot be done here"), later("Begin at the page where you wanted to do it.")),
    413: _Words(later("This is too large"), later("Send less at once.")),
    429: _Words(later("Too many tries"), later("Wait two minutes, then try again. Others are not affected.")),
    503: _Words(later("Not now"), later("Try again in a moment.")),
}


def unkept(error: RegistryError) -> str:
    """Say that something could not be kept, and why."""
    return translate("This cannot be kept: {why}.", why=error.why.rstrip("."))


def error_page(error: HTTPException) -> Response:
    """Return the page that says what ``error`` says, with its headers; it needs nothing that may be broken itself."""
    if isinstance(error.response, Response):
        return error.response
    answer = Response(status=error.code or 500, headers=error.get_headers())
    words = _WORDS.get(error.code or 500, _BROKEN)
    own = error.description if error.description != type(error).description else ""
    said = {"title": translate(words.title), "advice": translate(words.advice)}
    answer.set_data(render_template("error.html", detail=own if error.code in {403, 404, 503} else "", **said))
    answer.content_type = "text/html; charset=utf-8"
    return answer
