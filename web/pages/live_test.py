# SPDX-License-Identifier: GPL-2.0-or-later
"""The last step of the first run: somebody calls a speaker, and sees that network, ears and judge all notice."""

import re
from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from appliance.diary.entries import entry
from appliance.diary.since import since
from appliance.events import Upload
from appliance.language import translate
from appliance.ledger import Reader
from appliance.ledger.rows import UPLOAD, VERDICT, WAKE
from appliance.limits import TEST_ROWS
from web.access import Access, access
from web.api.verdicts import verdicts_since
from web.house import House, the_house
from web.items import Item, items
from web.language import house_zone
from web.speaker import names
from web.steps import step_page

_MARKS = re.compile(r"(\d{1,15})-(\d{1,15})-(\d{1,15})", re.ASCII)

live_test = Blueprint("live_test", __name__, url_prefix="/setup")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was noticed since the test began, in words; empty: nothing yet."""

    wake: str = ""
    upload: str = ""
    verdict: Item | None = None

    @property
    def complete(self) -> bool:
        """Whether everything was."""
        return bool(self.wake and self.upload and self.verdict)


@live_test.get("/test")
@access(Access.OWNER)
def show() -> ResponseReturnValue:
    """Show what was noticed since the page was first opened; ``from`` names the last facts before that."""
    house = the_house()
    with house.reader() as reader:
        marks = _marks(request.args.get("from", ""))
        if marks is None:
            newest = f"{reader.last(WAKE)}-{reader.last(UPLOAD)}-{reader.last(VERDICT)}"
            return redirect(f"/setup/test?from={newest}", 303)
        seen = _seen(house, reader, marks)
    speakers = [
        names(house.registry.inventory).of(each.mac) for each in house.registry.inventory.devices if each.watched
    ]
    return step_page("test", seen=seen, speakers=speakers, ears=len(house.registry.inventory.ears))


def _marks(text: str) -> tuple[int, int, int] | None:
    found = _MARKS.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _seen(house: House, reader: Reader, marks: tuple[int, int, int]) -> Seen:
    inventory = house.registry.inventory
    wakes = since(reader, WAKE, marks[0], TEST_ROWS).noted
    uploads = since(reader, UPLOAD, marks[1], TEST_ROWS).noted
    _, verdicts = verdicts_since(reader, min(marks[2], reader.last(VERDICT)), TEST_ROWS)
    found = next((known for each in reversed(verdicts) if (known := entry(reader, each.entry))), None)
    heard = wakes[-1].fact if wakes else None
    sent = uploads[-1].fact if uploads else None
    return Seen(
        translate("“{word}”, in the ear {ear}", word=heard.word, ear=heard.ear) if heard else "",
        _sending(sent, names(inventory).of(sent.flow.device)) if sent else "",
        items([found], inventory, house_zone())[0] if found else None,
    )


def _sending(upload: Upload, name: str) -> str:
    if upload.ended_at is None:
        return translate("{name} is sending", name=name)
    return translate("{name} has sent", name=name)
