# SPDX-License-Identifier: GPL-2.0-or-later
"""One upload: what was sent and heard, how it was judged and why, where it went, and what a person says of it."""

from typing import cast

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for

from appliance.capture import CaptureError
from appliance.diary.day import Told, tell
from appliance.diary.entries import Entry, entries, entry
from appliance.diary.kept import kept
from appliance.diary.usual import lasted, usual
from appliance.events import Upload
from appliance.evidence import Shelf
from appliance.evidence.rate import rate
from appliance.evidence.shelf import Kept
from appliance.language import spoken, translate
from appliance.ledger import Reader
from appliance.limits import UPLOAD_AFTER_S, UPLOAD_BEFORE_S, USUAL_ENTRIES
from appliance.report.closeup import close_up
from appliance.report.names import Names
from appliance.report.rows import reasons
from appliance.report.timeline import Lane, lane_at, lay_out
from appliance.report.words import Kind, local, size, words_for
from appliance.rules.recordings import RecordingsRule
from appliance.rules.speakers import SpeakerRule
from appliance.speakers.registry_file import RegistryError
from web.access import Access, access
from web.curve import Curve, curve
from web.gate import is_owner
from web.house import House, the_house
from web.items import ANSWERS, items
from web.language import code, house_zone
from web.normal import beside_usual, to_be_normal
from web.pages.uploads import LAST
from web.wire import Looks, WireError, tshark

upload = Blueprint("upload", __name__)

_PLACE = f"/uploads/<int(max={LAST}):id_>"
_LOOKS = "earwitness-looks"
_MOODS = {Kind.UNEXPLAINED: "alert", Kind.NOTICE: "notice", Kind.UNHEARD: "unheard", Kind.SILENT: "unheard"}


@upload.get(_PLACE)
@access(Access.VIEWER)
def show(id_: int) -> str:
    """Show one upload."""
    house = the_house()
    with house.reader() as reader:
        found = _found(reader, id_)
        capture = _capture(reader, house, found)
        told, others = _around(reader, house, found), _others(reader, found)
    (item,) = items((found,), house.registry.inventory, house_zone())
    lane = lane_at(lay_out(told.report, Names(told.report)), found.verdict.device, found.time)
    sent = found.verdict.upload
    beside = usual(sent, others, house_zone()) if sent else None
    return render_template(
        "upload.html",
        item=item,
        owner=is_owner(),
        simulated=found.simulated,
        sent=sent,
        mood=_MOODS.get(item.row.kind, "quiet"),
        sentence=_sentence(found, item.row.name),
        reasons=reasons(found.verdict),
        drawn=close_up(sent, lane, item.row.kind, house_zone()) if sent and lane else None,
        curve=_curve(sent, capture, lane),
        capture=capture,
        normal=_normal(house, found) if item.row.kind not in {Kind.ASKED, Kind.CALL} else [],
        usual=list(beside_usual(sent, beside, house_zone())) if sent and beside else [],
        words=[(word.value, translate(text)) for word, text in ANSWERS.items()],
        said=next((each.word.value for each in house.registry.inventory.answers if each.verdict == found.key), ""),
        counted=house.registry.inventory.counted(found.verdict.device or ""),
        recordings=_recordings(house, sent),
        steps=_steps(_recordings(house, sent)),
        look=_looks().of(id_),
        tshark=tshark(),
    )


@upload.post(f"{_PLACE}/answer")
@access(Access.OWNER)
def answer(id_: int) -> Response:
    """Take a person's word on it, or take it back."""
    house, word = the_house(), request.form.get("word", "")
    with house.reader() as reader:
        found = _found(reader, id_)
    try:
        if word:
            house.registry.answer(found.key, found.verdict.device or "", word, house.now())
            flash(translate("Your answer is kept beside the verdict."), "success")
        else:
            house.registry.take_back(found.key)
            flash(translate("Your answer is taken back."), "success")
    except RegistryError:
        abort(400, "That is no answer that can be given.")
    return _back(id_, "answer")


@upload.get(f"{_PLACE}/evidence")
@access(Access.OWNER)
def evidence(id_: int) -> Response:
    """Hand out the capture of the speaker's own frames around it."""
    house = the_house()
    with house.reader() as reader:
        capture = _capture(reader, house, _found(reader, id_))
    if capture is None:
        abort(404, "No evidence is kept of this upload, or not any more.")
    return send_file(
        capture.path.resolve(), "application/x-pcapng", as_attachment=True, download_name=f"upload-{id_}.pcapng"
    )


@upload.post(f"{_PLACE}/wire")
@access(Access.OWNER)
def look(id_: int) -> Response:
    """Begin to read the capture packet by packet."""
    house = the_house()
    with house.reader() as reader:
        capture = _capture(reader, house, _found(reader, id_))
    if capture is None:
        abort(404, "No evidence is kept of this upload, or not any more.")
    try:
        _looks().begin(id_, capture.path)
    except WireError as error:
        flash(str(error), "error")
    return _back(id_, "wire")


@upload.get(f"{_PLACE}/wire")
@access(Access.OWNER)
def progress(id_: int) -> dict[str, object]:
    """Say how far the reading is."""
    found = _looks().of(id_) or abort(404, "Nobody asked for that.")
    return {"packets": found.packets, "seen": found.seen, "done": found.done}


def _found(reader: Reader, id_: int) -> Entry:
    return entry(reader, id_) or abort(404, "There is no such upload, or not any more.")


def _capture(reader: Reader, house: House, found: Entry) -> Kept | None:
    return kept(reader, Shelf(house.settings.paths.evidence, house.settings.evidence), found)


def _around(reader: Reader, house: House, found: Entry) -> Told:
    """Return what happened around it."""
    sent = found.verdict.upload
    end = found.time + (lasted(sent) if sent else 0.0)
    return tell(
        reader, house.registry.inventory, found.time - 2 * UPLOAD_BEFORE_S, end + 2 * UPLOAD_AFTER_S, house_zone()
    )


def _others(reader: Reader, found: Entry) -> list[Entry]:
    device = found.verdict.device
    return entries(reader, device=device, limit=USUAL_ENTRIES) if device else []


def _sentence(found: Entry, name: str) -> str:
    when, sent = spoken().clock(local(found.time, house_zone())), found.verdict.upload
    if sent is None:
        return translate("Your {name} was called at {time} and sent nothing.", name=name, time=when)
    values = {"name": name, "size": size(sent.bytes_up), "time": when}
    if words_for(found.verdict).kind is not Kind.UNEXPLAINED:
        return translate("Your {name} sent {size} at {time}.", **values)
    if found.verdict.verdict == "unexplained_silence":
        return translate("Your {name} sent {size} at {time}. Nobody said a word.", **values)
    return translate("Your {name} sent {size} at {time}. Nobody said its name.", **values)


def _curve(sent: Upload | None, capture: Kept | None, lane: Lane | None) -> Curve | None:
    if sent is None or capture is None:
        return None
    try:
        return curve(sent, rate(capture.path, sent.flow, UPLOAD_BEFORE_S, lasted(sent) + UPLOAD_AFTER_S), lane)
    except (CaptureError, OSError):
        return None


def _rule(house: House, sent: Upload | None) -> SpeakerRule | None:
    name = sent.speaker if sent else None
    return next((rule for rule in house.rules.speakers.rules if rule.id == name), None)


def _recordings(house: House, sent: Upload | None) -> RecordingsRule | None:
    rule = _rule(house, sent)
    return house.rules.recordings.of(rule.vendor) if rule else None


def _steps(rule: RecordingsRule | None) -> str:
    return rule.steps.get(code(), rule.steps["en"]) if rule else ""


def _normal(house: House, found: Entry) -> list[str]:
    device, rule = found.verdict.device, _rule(house, found.verdict.upload)
    owned = next((each.owner.wake_words for each in house.registry.inventory.devices if each.mac == device), ())
    names = owned or (rule.wake_words if rule else ())
    return list(to_be_normal(found.verdict, tuple(names), house.rules.verdicts, house_zone()))


def _looks() -> Looks:
    looks = current_app.extensions.setdefault(_LOOKS, Looks())
    assert isinstance(looks, Looks)  # noqa: S101 - for the type checker
    return looks


def _back(id_: int, place: str) -> Response:
    return cast("Response", redirect(url_for(".show", id_=id_, _anchor=place), 303))
