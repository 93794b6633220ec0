# SPDX-License-Identifier: GPL-2.0-or-later
"""Speakers: those that are watched, other devices, and the rooms of the home."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.diary.history import Sum
from appliance.language import translate
from appliance.ledger import Reader
from appliance.speakers import RegistryError, vendor_of
from appliance.speakers.inventory import Entry, Status
from web.access import Access, access
from web.errors import unkept
from web.gate import is_owner
from web.house import House, the_house
from web.rooms import remove, rooms
from web.speaker import entry_of, family, names, newest_day, week

speakers = Blueprint("speakers", __name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """One speaker on its card."""

    entry: Entry
    name: str
    kind: str
    week: Sum


@dataclass(frozen=True, slots=True)
class Other:
    """One device that is no speaker, or one not to be watched."""

    entry: Entry
    name: str
    maker: str
    ignored: bool


@speakers.get("/speakers")
@access(Access.VIEWER)
def show() -> str:
    """Show every speaker, every other device, every room."""
    house = the_house()
    inventory = house.registry.inventory
    called = names(inventory)
    with house.reader() as reader:
        shown = [_watched(house, reader, each, called.of(each.mac)) for each in inventory.devices if each.watched]
    return render_template(
        "speakers.html",
        speakers=sorted(shown, key=lambda each: each.name.casefold()),
        others=sorted(map(_other, (each for each in inventory.devices if not each.watched)), key=_place),
        rooms=rooms(inventory),
        names=called,
        known=[each.mac for each in inventory.devices],
        settled=[each.mac for each in inventory.devices if each.watched or each.owner.status is Status.IGNORED],
        owner=is_owner(),
    )


@speakers.post("/speakers/<mac>/status")
@access(Access.OWNER)
def declare(mac: str) -> ResponseReturnValue:
    """Take the owner's word on what a device is: a speaker, none, or what was found."""
    registry = the_house().registry
    if entry_of(registry.inventory, mac) is None:
        flash(translate("This device is not known any more."), "error")
        return redirect(url_for(".show"), 303)
    try:
        entry = registry.correct(mac, {"status": request.form.get("status") or None})
    except RegistryError as error:
        flash(unkept(error), "error")
        return redirect(url_for(".show"), 303)
    _tell(entry)
    return redirect(url_for("speaker.show", mac=mac) if entry.watched else url_for(".show"), 303)


@speakers.post("/rooms")
@access(Access.OWNER)
def add_room() -> ResponseReturnValue:
    """Make a room."""
    name = request.form.get("room", "").strip()
    known = next((room.name for room in rooms(the_house().registry.inventory) if _alike(room.name, name)), None)
    try:
        if known is None:
            the_house().registry.put_room(name)
    except RegistryError:
        flash(translate("A room needs a name of 64 letters at most."), "error")
    return redirect(url_for(".show", _anchor="rooms"), 303)


@speakers.post("/rooms/remove")
@access(Access.OWNER)
def remove_room() -> ResponseReturnValue:
    """Drop a room; what stood in it stands nowhere then."""
    name = request.form.get("room", "")
    remove(the_house().registry, name)
    flash(translate("The room “{name}” is gone; what stood in it stands nowhere now.", name=name), "success")
    return redirect(url_for(".show", _anchor="rooms"), 303)


def _watched(house: House, reader: Reader, entry: Entry, name: str) -> Watched:
    rule = family(house.rules, entry.speaker)
    kind = entry.model or (rule.name if rule else "") or (entry.found.vendor if entry.found else None) or ""
    told = week(reader, house.registry.inventory, entry.mac, newest_day(reader, house))
    return Watched(entry, name, kind, told)


def _other(entry: Entry) -> Other:
    maker = vendor_of(entry.mac) or (entry.found.vendor if entry.found else None) or ""
    name = entry.name or entry.model or maker or entry.mac
    return Other(entry, name, maker, entry.owner.status is Status.IGNORED)


def _place(each: Other) -> tuple[bool, float]:
    """Put ignored speakers first, then what was seen last."""
    return not each.ignored, -(each.entry.found.last_seen if each.entry.found else 0.0)


def _tell(entry: Entry) -> None:
    match entry.owner.status:
        case Status.CONFIRMED:
            flash(
                translate("It counts as a speaker now, and is watched. Say which one it is, and where it stands."),
                "success",
            )
        case Status.IGNORED:
            flash(translate("It is ignored now: what it sends is not judged any more."), "success")
        case None:
            flash(translate("It counts as what it shows itself to be."), "success")


def _alike(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()
