# SPDX-License-Identifier: GPL-2.0-or-later
"""Update: which version runs, how the last update went, and a way to install another one."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.health.installed import read_update
from appliance.household import HouseholdError
from appliance.language import translate
from appliance.limits import RELEASE_BYTES
from appliance.release import ReleaseError
from web.access import Access, access
from web.asking import Errand, ask, can_ask, is_asked
from web.gate import confirmed, is_owner
from web.house import the_house
from web.staged import discard, stage, staged

update = Blueprint("update", __name__, url_prefix="/update")


@update.get("")
@access(Access.VIEWER)
def show() -> str:
    """Show what runs, what lies ready, and how the last update stands or went."""
    return _page("")


@update.post("/bundle")
@access(Access.OWNER, body=RELEASE_BYTES)
def take() -> ResponseReturnValue:
    """Check a bundle, and lay it ready."""
    house, file = the_house(), request.files.get("file")
    if not house.rules.releases or not can_ask(house.settings.paths):
        flash(translate("Nothing can be installed from this page."), "error")
    elif file is None or not file.filename:
        flash(translate("Choose the bundle of a release."), "error")
    else:
        try:
            found = stage(file.stream, house.settings.paths, house.rules.releases)
        except (ReleaseError, OSError) as error:
            flash(translate("This cannot be installed: {why}.", why=_words(error)), "error")
        else:
            flash(translate("Version {version} is whole, and can be installed.", version=found.version), "success")
    return redirect(url_for(".show"), 303)


@update.post("")
@access(Access.OWNER, attempts=True)
def install() -> ResponseReturnValue:
    """Ask root's side to install what lies ready."""
    paths = the_house().settings.paths
    last = read_update(paths.install)
    if staged(paths, last.time if last else 0.0) is None or not can_ask(paths):
        flash(translate("No release lies ready."), "error")
        return redirect(url_for(".show"), 303)
    if not confirmed(request.form.get("password", "")):
        return _page(translate("This is not your password.")), 403
    try:
        ask(paths, Errand.UPDATE)
    except OSError as error:
        flash(translate("It cannot be asked for: {why}.", why=error.strerror or ""), "error")
    return redirect(url_for(".show"), 303)


@update.post("/asking")
@access(Access.OWNER)
def change_asking() -> ResponseReturnValue:
    """Take whether somebody is asked for a newer version."""
    try:
        the_house().household.change(updates={"ask": request.form.get("ask") == "yes"})
    except HouseholdError as error:
        flash(translate("This cannot be kept: {why}.", why=str(error).rstrip(".")), "error")
    else:
        flash(translate("What you chose holds from now on."), "success")
    return redirect(url_for(".show"), 303)


@update.post("/discard")
@access(Access.OWNER)
def drop() -> ResponseReturnValue:
    """Drop what lies ready."""
    discard(the_house().settings.paths)
    return redirect(url_for(".show"), 303)


@update.get("/state")
@access(Access.VIEWER)
def state() -> ResponseReturnValue:
    """Tell a page how it goes, in words that change when there is something new to see."""
    paths = the_house().settings.paths
    last = read_update(paths.install)
    return jsonify(
        asked=is_asked(paths, Errand.UPDATE), state=last.state if last else "", time=last.time if last else 0
    )


def _words(error: ReleaseError | OSError) -> str:
    return (error.strerror or "" if isinstance(error, OSError) else str(error)).rstrip(".")


def _page(problem: str) -> str:
    house = the_house()
    paths = house.settings.paths
    last = read_update(paths.install)
    asked = is_asked(paths, Errand.UPDATE)
    return render_template(
        "update.html",
        owner=is_owner(),
        last=last,
        running=asked or (last is not None and last.state == "running"),
        ready=staged(paths, last.time if last else 0.0),
        possible=can_ask(paths),
        trusted=sorted(house.rules.releases),
        asks=house.household.choices.updates.ask,
        addresses=sorted(house.rules.newest.values()),
        problem=problem,
    )
