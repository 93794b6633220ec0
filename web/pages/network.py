# SPDX-License-Identifier: GPL-2.0-or-later
"""Network: how this machine is placed, a form that has it placed otherwise, and the button that keeps a change."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from appliance.language import translate
from appliance.limits import CHANGE_KEPT_S, CHANGE_LOOK_S
from appliance.settings import Placement
from web.access import Access, access
from web.asking import Errand, ask, can_ask, is_asked
from web.change import last_attempt, see, taken_back, waiting_change
from web.gate import confirmed, is_owner
from web.house import the_house

if TYPE_CHECKING:
    from appliance.placing.wish import Wish

network = Blueprint("network", __name__, url_prefix="/network")

_NETS = Path("/sys/class/net")
_PLACEMENTS = ("bridge", "access-point", "mirror", "undo")


@network.get("")
@access(Access.VIEWER)
def show() -> str:
    """Show how it is placed."""
    chosen = request.args.get("placement", "")
    return _page({"placement": chosen if chosen in _PLACEMENTS else ""}, {})


@network.post("")
@access(Access.OWNER, attempts=True)
def place() -> ResponseReturnValue:
    """Ask root's side to place this machine as the form says."""
    said, paths = request.form.to_dict(), the_house().settings.paths
    wish, problems = _wish(said)
    if not confirmed(said.get("password", "")):
        problems["password"] = translate("This is not your password.")
    if not can_ask(paths):
        problems["placement"] = translate("Nobody here can do it: Earwitness was not installed as a service.")
    if waiting_change(paths) or is_asked(paths, Errand.PLACE):
        problems["placement"] = translate("Another change waits: keep it first, or let it go back.")
    if wish is None or problems:
        return _page(said, problems), 422
    try:
        ask(paths, Errand.PLACE, wish.model_dump_json(exclude_none=True))
    except OSError as error:
        flash(translate("It cannot be asked for: {why}.", why=error.strerror or ""), "error")
    return redirect(url_for(".show"), 303)


@network.post("/keep")
@access(Access.OWNER)
def keep() -> ResponseReturnValue:
    """Keep the change that waits: whoever sees this page has reached it as the network is now."""
    paths = the_house().settings.paths
    try:
        ask(paths, Errand.KEEP)
    except OSError as error:
        flash(translate("It cannot be asked for: {why}.", why=error.strerror or ""), "error")
        return redirect(url_for(".show"), 303)
    until = time.monotonic() + CHANGE_KEPT_S
    while (waits := waiting_change(paths)) and time.monotonic() < until:
        time.sleep(CHANGE_LOOK_S)
    if waits:
        flash(translate("It is being kept. If this page still says otherwise in a minute, try again."), "notice")
    else:
        flash(translate("The network stays as it is now."), "success")
    return redirect(url_for(".show"), 303)


@network.post("/seen")
@access(Access.OWNER)
def have_seen() -> ResponseReturnValue:
    """Remember that an owner has seen that a change went back."""
    try:
        see(the_house().settings.paths)
    except OSError as error:
        flash(translate("This cannot be kept: {why}.", why=error.strerror or ""), "error")
    return redirect(url_for(".show"), 303)


@network.get("/state")
@access(Access.VIEWER)
def state() -> ResponseReturnValue:
    """Tell a page how it goes, in words that change when there is something new to see."""
    paths = the_house().settings.paths
    attempt = last_attempt(paths)
    waits = waiting_change(paths) is not None
    return jsonify(asked=is_asked(paths, Errand.PLACE), waits=waits, state=attempt.state if attempt else "")


def _wish(said: dict[str, str]) -> tuple["Wish | None", dict[str, str]]:
    """Return what a form asks for; or what is wrong, by field."""
    from appliance.placing.wish import Wish  # noqa: PLC0415 - with it comes all that changes networks, for one form

    wanted: dict[str, object] = {"placement": said.get("placement", "")}
    if ports := said.get("ports", "").replace(",", " ").split():
        wanted["ports"] = ports
    if wanted["placement"] == "access-point":
        wanted["wifi"] = {
            "ssid": said.get("ssid", "").strip(),
            "passphrase": said.get("passphrase", ""),
            "country": said.get("country", "").strip().upper(),
        }
    try:
        return Wish.model_validate_json(json.dumps(wanted)), {}
    except ValidationError as error:
        return None, {_field(each["loc"]): _problem(_field(each["loc"])) for each in error.errors()}


def _field(place: tuple[int | str, ...]) -> str:
    names = [str(each) for each in place if isinstance(each, str)]
    return names[-1] if names else "placement"


def _problem(field: str) -> str:
    return {
        "ssid": translate("A Wi-Fi has a name of 1 to 32 bytes."),
        "passphrase": translate("It has 8 to 63 letters, digits and signs, without umlauts or accents."),
        "country": translate("Two letters, like DE: each country allows other channels."),
        "ports": translate("Names of network ports, like eth0, each once."),
    }.get(field, translate("Choose how it is placed."))


def _page(said: dict[str, str], problems: dict[str, str]) -> str:
    house = the_house()
    paths, set_ = house.settings.paths, house.settings.capture
    attempt = last_attempt(paths)
    running = is_asked(paths, Errand.PLACE) or (attempt is not None and attempt.state == "running")
    return render_template(
        "network.html",
        owner=is_owner(),
        possible=can_ask(paths) and set_.placement is not Placement.REPLAY,
        said={"placement": "", **said},
        problems=problems,
        now=set_,
        there=sorted(path.parent.name for path in _NETS.glob("*/device")),
        attempt=attempt,
        taken_back=None if running else taken_back(paths),
        running=running,
        unfinished=house.accounts.unfinished,
    )
