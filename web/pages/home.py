# SPDX-License-Identifier: GPL-2.0-or-later
"""Home: the sentence, the state, the day's lanes, the speakers."""

from flask import Blueprint, render_template

from web.access import Access, access

home = Blueprint("home", __name__)


@home.get("/")
@access(Access.VIEWER)
def show() -> str:
    """Show what happened today."""
    return render_template("home.html")
