# SPDX-License-Identifier: GPL-2.0-or-later
"""Forgetting a day, or everything: first what there is of it, then the word of an owner."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.diary.calendar import Calendar
from appliance.evidence import Shelf
from appliance.household import Forgetting, HouseholdError
from appliance.language import translate
from appliance.ledger import Span, forgotten
from web.access import Access, access
from web.day import bounds
from web.house import the_house
from web.language import house_zone

forget = Blueprint("forget", __name__)


@dataclass(frozen=True, slots=True)
class Gone:
    """What there is of a stretch of time."""

    span: Span
    day: date | None  #: None: all of time
    uploads: int
    captures: int


@forget.get("/settings/forget")
@access(Access.OWNER)
def ask() -> str:
    """Show what would go, and ask."""
    gone = _asked(request.args.get("day"))
    with the_house().reader() as reader:
        before = forgotten(reader)
    return render_template("forget.html", gone=gone, before=before, waiting=the_house().household.choices.forgetting)


@forget.post("/settings/forget")
@access(Access.OWNER)
def do() -> ResponseReturnValue:
    """Put it on the list of what the hub forgets."""
    house, day = the_house(), request.form.get("day")
    if request.form.get("sure") != "yes":
        flash(translate("Nothing was forgotten: say that you are sure."), "error")
        return redirect(url_for(".ask", day=day), 303)
    span = _asked(day).span
    try:
        house.household.add("forgetting", Forgetting(since=span.since, until=span.until, asked_at=house.now()))
    except HouseholdError:
        flash(translate("Too much waits to be forgotten already: try again in some minutes."), "error")
        return redirect(url_for(".ask", day=day), 303)
    flash(translate("It is being forgotten. What is still on its way goes within half an hour."), "success")
    return redirect(url_for("settings.show", _anchor="forget"), 303)


def _asked(day: str | None) -> Gone:
    """Return what there is of a day (YYYY-MM-DD), or of all time up to now."""
    house = the_house()
    try:
        on = date.fromisoformat(day) if day else None
        span = Span(*bounds(on, house_zone())) if on else Span(0.0, house.now())
    except ValueError:
        abort(400, translate("This is no day: write it like 2026-06-13."))
    span = Span(span.since, min(span.until, max(house.now(), span.since)))
    with house.reader() as reader:
        stretches = list(Calendar(reader).between(*span))
        query = "SELECT count(DISTINCT started_at) FROM upload WHERE boot = ? AND started_at >= ? AND started_at < ?"
        uploads = sum(reader.rows(query, (each.boot, each.since, each.until))[0][0] for each in stretches)
    shelf = Shelf(house.settings.paths.evidence, house.settings.evidence)
    captures = sum(span.since <= kept.time < span.until for kept in shelf.kept())
    return Gone(span, on, uploads, captures)
