# SPDX-License-Identifier: GPL-2.0-or-later
"""One speaker: its weeks, its words, whom it talks to and how, and what its owner says of it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.language import translate
from appliance.report.reasons import reason_in_words
from appliance.speakers import RegistryError
from appliance.speakers.inventory import Entry
from web.access import Access, access
from web.errors import unkept
from web.gate import is_owner
from web.house import the_house
from web.rooms import rooms
from web.speaker import entry_of, family, hosts, measured, names, newest_day, transport, weeks, words

speaker = Blueprint("speaker", __name__)


@speaker.get("/speakers/<mac>")
@access(Access.VIEWER)
def show(mac: str) -> str:
    """Show one speaker."""
    return _page(_known(mac), {})


@speaker.post("/speakers/<mac>")
@access(Access.OWNER)
def change(mac: str) -> ResponseReturnValue:
    """Take the owner's word on a speaker."""
    entry, form = _known(mac), request.form
    own = [word.strip().lower() for word in form.get("word", "").split(",") if word.strip()]
    said = {
        "name": form.get("name", "").strip() or None,
        "room": form.get("room", "").strip() or None,
        "speaker": form.get("speaker") or None,
        "wake_words": [*form.getlist("wake_words"), *own],
    }
    try:
        the_house().registry.correct(mac, said)
    except RegistryError as error:
        return _page(entry, _problems(error)), 400
    flash(translate("What you said of it is kept."), "success")
    return redirect(url_for(".show", mac=mac), 303)


@speaker.post("/speakers/<mac>/forget-calibration")
@access(Access.OWNER)
def forget(mac: str) -> ResponseReturnValue:
    """Forget what a calibration taught."""
    _known(mac)
    the_house().registry.learn(mac, None)
    flash(translate("What the calibration taught is forgotten."), "success")
    return redirect(url_for(".show", mac=mac), 303)


def _known(mac: str) -> Entry:
    entry = entry_of(the_house().registry.inventory, mac)
    if entry is None:
        abort(404, "No such device is known.")
    return entry


def _page(entry: Entry, problems: dict[str, str]) -> str:
    house = the_house()
    inventory, rule = house.registry.inventory, family(house.rules, entry.speaker)
    with house.reader() as reader:
        end = newest_day(reader, house)
        told = {
            "weeks": weeks(reader, inventory, entry.mac, end),
            "hosts": hosts(reader, house.rules, entry.mac, end),
            "transport": transport(reader, house.rules, entry.mac),
        }
    return render_template(
        "speaker.html",
        entry=entry,
        name=names(inventory).of(entry.mac),
        rule=rule,
        reasons=[reason_in_words(each) for each in entry.found.by] if entry.found else [],
        families=[(each.id, each.name) for each in house.rules.speakers.rules if each.speaker],
        words=words(house.rules, entry),
        measured=measured(rule),
        rooms=[(each.name, each.name) for each in rooms(inventory)],
        owner=is_owner(),
        problems=problems,
        said=request.form,
        **told,
    )


def _problems(error: RegistryError) -> dict[str, str]:
    """Return what is wrong by the name of the field, as "owner.name" has it."""
    field = error.field.split(".")[1] if "." in error.field else "name"
    return {field: unkept(error)}
