# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears: how loud it is at each, which words they heard last, when they listened, and where they are."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.language import translate
from appliance.satellites.invitation import InvitationError, invite
from appliance.satellites.roster import Roster
from appliance.speakers import RegistryError
from web.access import Access, access
from web.day import shown_day
from web.ears import QUIET_DB, day_of, ears_now, heard_last
from web.errors import unkept
from web.gate import is_owner
from web.house import the_house
from web.language import house_zone
from web.rooms import rooms

ears = Blueprint("ears", __name__)


@ears.get("/ears")
@access(Access.VIEWER)
def show() -> str:
    """Show every ear, and a day of them."""
    return _page()


def _page(invitation: str = "") -> str:
    """Return the page; with an invitation, what to type on the machine that may come."""
    house = the_house()
    with house.reader() as reader:
        try:
            day = shown_day(reader, request.args.get("day"), house.now(), house_zone())
        except ValueError:
            abort(404, "There is no such day.")
        strip, heard = day_of(reader, day.start, day.end), heard_last(house, reader, day.start, day.end)
    return render_template(
        "ears.html",
        ears=ears_now(house),
        rooms=[(each.name, each.name) for each in rooms(house.registry.inventory)],
        heard=heard,
        strip=strip,
        day=day,
        zone=str(house_zone()),
        quiet=QUIET_DB,
        satellites=Roster(house.settings.paths.satellites).satellites,
        invitation=invitation,
        owner=is_owner(),
    )


@ears.post("/ears/room")
@access(Access.OWNER)
def place() -> ResponseReturnValue:
    """Take the owner's word on where an ear is."""
    name, room = request.form.get("ear", ""), request.form.get("room") or None
    try:
        the_house().registry.put_ear(name, room)
    except RegistryError as error:
        flash(unkept(error), "error")
    else:
        where = translate("“{ear}” is in the room “{room}” now.", ear=name, room=room)
        flash(where if room else translate("“{ear}” hears the whole home now.", ear=name), "success")
    return redirect(url_for(".show"), 303)


@ears.post("/ears/remove")
@access(Access.OWNER)
def forget() -> ResponseReturnValue:
    """Forget an ear that is none any more; one that listens comes back by itself."""
    name = request.form.get("ear", "")
    the_house().registry.remove_ear(name)
    flash(translate("The ear “{ear}” is forgotten. What it heard stays.", ear=name), "success")
    return redirect(url_for(".show"), 303)


@ears.post("/ears/satellites")
@access(Access.OWNER)
def let_come() -> ResponseReturnValue:
    """Let one more satellite come, and show what to type on it; the code is in this one answer only."""
    try:
        return _page(invite(the_house().settings))
    except InvitationError as error:
        flash(translate("Nobody can be invited: {why}.", why=str(error)), "error")
        return redirect(url_for(".show", _anchor="satellites"), 303)


@ears.post("/ears/satellites/revoke")
@access(Access.OWNER)
def let_go() -> ResponseReturnValue:
    """Let a satellite in no more."""
    name = request.form.get("satellite", "")
    try:
        found = Roster(the_house().settings.paths.satellites).revoke(name)
    except OSError as error:
        flash(translate("This could not be kept: {why}.", why=str(error.strerror)), "error")
    else:
        gone = translate("“{name}” is no satellite any more; what it heard stays.", name=name)
        flash(gone if found else translate("There is no such satellite."), "success" if found else "error")
    return redirect(url_for(".show", _anchor="satellites"), 303)
