# SPDX-License-Identifier: GPL-2.0-or-later
"""The first run, for who owns the house: where it stands, speakers, ears, the phone. They may come back to each."""

from socket import gethostname

import segno
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from appliance.clocks import this_boot
from appliance.language import translate
from appliance.settings import Https, Placement
from appliance.speakers.inventory import Entry
from appliance.speakers.registry import Registry
from appliance.speakers.registry_file import RegistryError
from appliance.status import Listening, read_ears
from web.access import Access, access
from web.accounts import AccountsError
from web.asking import can_ask
from web.errors import unkept
from web.house import House, the_house
from web.pulse import pulse
from web.rooms import rooms
from web.steps import go_on, step_page

first_steps = Blueprint("first_steps", __name__, url_prefix="/setup")

#: What a placement needs in the settings file, if it is not there by now.
_LINES = {
    Placement.BRIDGE: 'placement = "bridge"\ninterfaces = ["eth0", "eth1"]',
    Placement.ACCESS_POINT: 'placement = "access-point"\ninterfaces = ["wlan0"]',
    Placement.MIRROR: 'placement = "mirror"\ninterfaces = ["eth0"]',
}


@first_steps.get("/placement")
@access(Access.OWNER)
def placement() -> str:
    """Show the three ways in which it can be placed, and what it sees as it is."""
    return _placement(the_house().settings.capture.placement)


@first_steps.post("/placement")
@access(Access.OWNER)
def place() -> ResponseReturnValue:
    """Go on if it is placed as the settings say; else say what to write into them."""
    house, chosen = the_house(), request.form.get("placement", "")
    if chosen not in set(_LINES) or chosen == house.settings.capture.placement:
        return go_on("placement")
    if can_ask(house.settings.paths):
        return redirect(url_for("network.show", placement=chosen), 303)
    return _placement(Placement(chosen), _LINES[Placement(chosen)])


def _placement(chosen: Placement, lines: str = "") -> str:
    house = the_house()
    set_ = house.settings.capture.placement
    return step_page("placement", chosen=chosen, set=set_, lines=lines, pulse_now=pulse(house))


@first_steps.get("/speakers")
@access(Access.OWNER)
def speakers() -> str:
    """Show the speakers that were found."""
    inventory = the_house().registry.inventory
    found = [each for each in inventory.devices if each.watched]
    return step_page("speakers", speakers=found, rooms=[each.name for each in rooms(inventory)])


@first_steps.post("/speakers")
@access(Access.OWNER)
def name_speakers() -> ResponseReturnValue:
    """Take what the owner calls them, and where they stand."""
    registry = the_house().registry
    try:
        for each in registry.inventory.devices:
            if f"name-{each.mac}" in request.form:
                registry.correct(each.mac, _said(each))
    except RegistryError as error:
        flash(unkept(error), "error")
        return redirect("/setup/speakers", 303)
    return go_on("speakers")


def _said(entry: Entry) -> dict[str, object]:
    """Return what a form says of a device; a name as it was found is nothing that the owner says."""
    name, room = (request.form.get(f"{field}-{entry.mac}", "").strip() for field in ("name", "room"))
    found = entry.found.name if entry.found else None
    said: dict[str, object] = {"name": name if name not in {"", found} else None, "room": room or None}
    return said | ({"status": "ignored"} if f"none-{entry.mac}" in request.form else {})


@first_steps.get("/ears")
@access(Access.OWNER)
def ears() -> str:
    """Show the ears, and how loud it is there."""
    house = the_house()
    inventory = house.registry.inventory
    heard = _listening(house)
    shown = [(each, heard.get(each.name)) for each in inventory.ears]
    return step_page("ears", ears=shown, rooms=[each.name for each in rooms(inventory)])


@first_steps.post("/ears")
@access(Access.OWNER)
def place_ears() -> ResponseReturnValue:
    """Take where they are."""
    registry: Registry = the_house().registry
    try:
        for each in registry.inventory.ears:
            if f"room-{each.name}" in request.form:
                registry.put_ear(each.name, request.form[f"room-{each.name}"].strip() or None)
    except RegistryError as error:
        flash(unkept(error), "error")
        return redirect("/setup/ears", 303)
    return go_on("ears")


def _listening(house: House) -> dict[str, Listening]:
    try:
        boot = this_boot(house.settings.paths.run).id
    except OSError:
        return {}
    return {name: ear for told in read_ears(house.settings.paths.run, boot) for name, ear in told.ears.items()}


@first_steps.get("/phone")
@access(Access.OWNER)
def phone() -> str:
    """Show how to have it on the phone."""
    web = the_house().settings.web
    name = f"{gethostname().partition('.')[0]}.local" + (f":{web.port}" if web.port != 80 else "")
    offered = web.https is not Https.OFF
    return step_page("phone", code=qr(request.host_url), address=request.host_url, name=name, https=offered)


@first_steps.post("/finish")
@access(Access.OWNER)
def finish() -> ResponseReturnValue:
    """End the first run, wherever it is."""
    try:
        the_house().accounts.reach("")
    except AccountsError as error:
        flash(str(error), "error")
    else:
        flash(
            translate("Earwitness is ready. From now on it says when a speaker sent what nobody asked for."), "success"
        )
    return redirect("/", 303)


def qr(text: str) -> Markup:
    """Return a text as a picture for the camera of a phone: dark on light, also on dark pages."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=3, light="#fff", svgclass="qr", lineclass=""
    )
    return Markup(drawn)  # noqa: S704 - segno draws paths alone; the text itself is not in it
