# SPDX-License-Identifier: GPL-2.0-or-later
"""Home: the sentence, the state, the day's lanes, the speakers, what is new."""

from flask import Blueprint, abort, render_template, request

from appliance.diary.day import Told, tell
from appliance.events import CAPTURE
from appliance.ledger import forgotten
from appliance.ledger.rows import VERDICT
from appliance.limits import HOME_LATEST, HOME_ROWS
from appliance.report.cards import card
from appliance.report.closeup import close_up
from appliance.report.headline import headline, worst_first
from appliance.report.names import Names
from appliance.report.spans import Span
from appliance.report.svg import Svg
from appliance.report.timeline import Timeline, lane_at, lay_out
from appliance.report.unseen import not_seen
from appliance.report.words import Kind, words_for
from web.access import Access, access
from web.api.days import day_item
from web.change import taken_back
from web.day import ShownDay, shown_day
from web.house import House, the_house
from web.items import address_of, items
from web.lanes import picture, shares, words
from web.language import house_zone

home = Blueprint("home", __name__)


@home.get("/")
@access(Access.VIEWER)
def show() -> str:
    """Show what happened on a day."""
    house, zone = the_house(), house_zone()
    with house.reader() as reader:
        try:
            day = shown_day(reader, request.args.get("day"), house.now(), zone)
        except ValueError:
            abort(404, "There is no such day.")
        last = reader.last(VERDICT)
        told = tell(reader, house.registry.inventory, day.start, day.end, zone)
        gone = any(span.since < day.end and day.start < span.until for span in forgotten(reader))
    back = taken_back(house.settings.paths)
    return render_template("home.html", day=day, last=last, gone=gone, taken_back=back, **_day(house, told, day))


def _day(house: House, told: Told, day: ShownDay) -> dict[str, object]:
    inventory, report = house.registry.inventory, told.report
    names = Names(report)
    head, timeline = headline(report, names), lay_out(report, names)
    watched = any(each.source == CAPTURE for each in report.coverages)
    window = next((each for each in timeline.windows if watched and each.span.start == day.start), None)
    lanes = window.lanes if window else ()
    drawn = picture(told, timeline, window) if window and lanes else None
    shown = items(told.entries[:HOME_ROWS], inventory, house_zone())
    return {
        "shares": shares,
        "head": head,
        "moment": _moment(told, timeline),
        "picture": drawn,
        "words": words(names, (each.mac for each in inventory.devices), drawn),
        "simulated": told.simulated,
        "item": day_item(told, head, timeline, day.on, Span(day.start, day.end)).model_dump(mode="json"),
        "cards": [(lane.device, card(report, names, lane.device)) for lane in lanes],
        "latest": shown[:HOME_LATEST],
        "rows": shown,
        "left_out": len(told.entries) - len(shown),
        "judging": [(names.of(each.flow.device), each) for each in told.judging],
        "not_seen": list(not_seen(report)),
        "speakers": sum(each.watched for each in inventory.devices),
        "ears": len(inventory.ears),
    }


def _moment(told: Told, timeline: Timeline) -> tuple[str, Svg] | None:
    """Return the address and the close-up of the worst, if it is worth a picture."""
    accusations = [each for each in told.entries if words_for(each.verdict).kind is Kind.UNEXPLAINED]
    worst = min(accusations, key=lambda each: worst_first(each.verdict), default=None)
    lane = lane_at(timeline, worst.verdict.device, worst.time) if worst else None
    if worst is None or lane is None or worst.verdict.upload is None:
        return None
    drawn = close_up(worst.verdict.upload, lane, Kind.UNEXPLAINED, told.report.zone)
    return address_of(worst), drawn
