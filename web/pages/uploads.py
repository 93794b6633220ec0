# SPDX-License-Identifier: GPL-2.0-or-later
"""Uploads: all of them in a list, by speaker, kind and day."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from appliance.diary.entries import Entry, entries
from appliance.language import later, translate
from appliance.limits import UPLOADS_PAGE
from appliance.report.names import Names
from appliance.report.words import Kind, verdicts_of
from web.access import Access, access
from web.day import bounds
from web.house import House, the_house
from web.items import household, items
from web.language import house_zone

uploads = Blueprint("uploads", __name__)

#: The largest number that the ledger can have.
LAST = (1 << 63) - 1
#: What one may look for, and how it is called.
_SORTS = {
    Kind.UNEXPLAINED: later("Nobody asked for it"),
    Kind.NOTICE: later("Worth a look"),
    Kind.ASKED: later("Asked for"),
    Kind.CALL: later("Calls"),
    Kind.UNHEARD: later("No ear could check"),
    Kind.SILENT: later("Name said, nothing sent"),
}


@uploads.get("/uploads")
@access(Access.VIEWER)
def list_all() -> str:
    """Show what was judged, that first which came last: of one speaker, of one kind, of one day."""
    house, asked = the_house(), {name: request.args.get(name, "") for name in ("speaker", "kind", "day")}
    found = _found(house, asked)
    shown = found[:UPLOADS_PAGE]
    older = _address(asked, shown[-1].id) if len(found) > UPLOADS_PAGE else ""
    inventory = house.registry.inventory
    names = Names(household((), inventory, house_zone()))
    return render_template(
        "uploads.html",
        days=[
            (day, list(each)) for day, each in groupby(items(shown, inventory, house_zone()), lambda item: item.row.day)
        ],
        asked=asked,
        simulated=any(each.simulated for each in shown),
        narrowed=any(asked.values()),
        speakers=[(each.mac, names.of(each.mac)) for each in inventory.devices if each.watched],
        kinds=[(kind.value, translate(text)) for kind, text in _SORTS.items()],
        older=older,
        newer=_address(asked) if "before" in request.args else "",
    )


def _found(house: House, asked: Mapping[str, str]) -> list[Entry]:
    """Return what is asked for, and one more if there is more than fits a page."""
    try:
        start, end = bounds(date.fromisoformat(asked["day"]), house_zone()) if asked["day"] else (None, None)
        verdicts = verdicts_of(Kind(asked["kind"])) if asked["kind"] else ()
    except ValueError:
        abort(404, "There is no such day, or no such kind of upload.")
    with house.reader() as reader:
        return entries(
            reader,
            start=start,
            end=end,
            device=asked["speaker"] or None,
            verdicts=verdicts,
            before=_before(),
            limit=UPLOADS_PAGE + 1,
        )


def _before() -> int | None:
    try:
        return min(max(int(request.args["before"]), 0), LAST) if "before" in request.args else None
    except ValueError:
        abort(404, "There is no such page.")


def _address(asked: Mapping[str, str], before: int | None = None) -> str:
    given: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return url_for(".list_all", before=before, **given)
