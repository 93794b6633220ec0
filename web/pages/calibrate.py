# SPDX-License-Identifier: GPL-2.0-or-later
"""Calibration: five commands are asked for, one after another, and what was caught of each is shown as it comes."""

from dataclasses import asdict
from math import isfinite

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.calibration.course import COMMANDS
from appliance.language import translate
from appliance.speakers import RegistryError
from appliance.speakers.inventory import Entry
from web.access import Access, access
from web.calibration import Progress, capture_status, progress
from web.errors import unkept
from web.house import the_house
from web.speaker import entry_of, names

calibrate = Blueprint("calibrate", __name__)


@calibrate.get("/speakers/<mac>/calibrate")
@access(Access.OWNER)
def show(mac: str) -> str:
    """Tell what is going to happen; or, with a begin, how it stands."""
    entry, house = _known(mac), the_house()
    begun = _begun()
    return render_template(
        "calibrate.html",
        entry=entry,
        name=names(house.registry.inventory).of(mac),
        ears=len(house.registry.inventory.ears),
        running=capture_status(house) is not None,
        begun=begun,
        commands=COMMANDS,
        progress=_progress(entry, *begun) if begun else None,
    )


@calibrate.post("/speakers/<mac>/calibrate")
@access(Access.OWNER)
def begin(mac: str) -> ResponseReturnValue:
    """Begin: from now on the first command is waited for."""
    status = capture_status(the_house())
    if status is None:
        flash(translate("The capture does not run, so nothing would be seen. See the page Health."), "error")
        return redirect(url_for(".show", mac=_known(mac).mac), 303)
    since = f"{status.covered_until:.3f}"
    return redirect(url_for(".show", mac=_known(mac).mac, boot=status.boot, since=since), 303)


@calibrate.get("/speakers/<mac>/calibrate/state.json")
@access(Access.OWNER)
def state(mac: str) -> Response:
    """Return how it stands, for the page's script."""
    begun = _begun() or abort(400, "boot and since say which calibration is meant.")
    now = _progress(_known(mac), *begun)
    return jsonify(ask=now.ask, number=now.number, over=now.over, lines=[asdict(line) for line in now.lines])


@calibrate.post("/speakers/<mac>/calibrate/keep")
@access(Access.OWNER)
def keep(mac: str) -> ResponseReturnValue:
    """Keep what it taught."""
    entry = _known(mac)
    begun = _begun() or abort(400, "boot and since say which calibration is meant.")
    taught = _progress(entry, *begun).lesson
    if taught is None:
        flash(translate("This calibration taught nothing that could be kept."), "error")
        return redirect(url_for(".show", mac=mac), 303)
    try:
        the_house().registry.learn(mac, asdict(taught) | {"time": the_house().now()})
    except RegistryError as error:
        flash(unkept(error), "error")
    else:
        flash(translate("What the calibration taught is kept."), "success")
    return redirect(url_for("speaker.show", mac=mac), 303)


def _known(mac: str) -> Entry:
    return entry_of(the_house().registry.inventory, mac) or abort(404, "No such device is known.")


def _begun() -> tuple[str, float] | None:
    """Return the boot and the steady time at which the calibration began that is asked for."""
    boot, since = request.values.get("boot"), request.values.get("since", type=float)
    return (boot, since) if boot and since is not None and isfinite(since) else None


def _progress(entry: Entry, boot: str, since: float) -> Progress:
    house = the_house()
    with house.reader() as reader:
        return progress(house, reader, entry, boot, since)
