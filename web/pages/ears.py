# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears: how loud it is at each, which words they heard last, when they listened, and where they are."""

from dataclasses import asdict

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.language import translate
from appliance.speakers import RegistryError
from web.access import Access, access
from web.day import shown_day
from web.ears import QUIET_DB, day_of, ears_now, heard_last
from web.gate import is_owner
from web.house import the_house
from web.language import house_zone
from web.rooms import rooms

ears = Blueprint("ears", __name__)


@ears.get("/ears")
@access(Access.VIEWER)
def show() -> str:
    """Show every ear, and a day of them."""
    house = the_house()
    with house.reader() as reader:
        try:
            day = shown_day(reader, request.args.get("day"), house.now(), house_zone())
        except ValueError:
            abort(404, "There is no such day.")
        strip, heard = day_of(reader, day.start, day.end), heard_last(reader, day.start, day.end)
    return render_template(
        "ears.html",
        ears=ears_now(house),
        rooms=[(each.name, each.name) for each in rooms(house.registry.inventory)],
        heard=heard,
        strip=strip,
        day=day,
        quiet=QUIET_DB,
        owner=is_owner(),
    )


@ears.get("/ears/live.json")
@access(Access.VIEWER)
def live() -> Response:
    """Return how the ears are now and what they heard last, for the page's script."""
    house = the_house()
    with house.reader() as reader:
        day = shown_day(reader, None, house.now(), house_zone())
        heard = heard_last(reader, day.start, day.end)
    return jsonify(ears=[asdict(each) for each in ears_now(house)], heard=[asdict(each) for each in heard])


@ears.post("/ears/room")
@access(Access.OWNER)
def place() -> ResponseReturnValue:
    """Take the owner's word on where an ear is."""
    name, room = request.form.get("ear", ""), request.form.get("room") or None
    try:
        the_house().registry.put_ear(name, room)
    except RegistryError as error:
        flash(str(error), "error")
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
