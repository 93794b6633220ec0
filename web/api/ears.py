# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears: how they are, what they heard last, and how much of the last day they listened."""

from typing import Annotated

from flask import Response, abort
from pydantic import Field

from appliance.diary.covered import covered
from appliance.diary.noted import noted
from appliance.events import Service
from appliance.ledger.rows import WAKE
from appliance.limits import API_LAST_WORDS, API_PAGE_MOST
from appliance.report.contract import Part
from appliance.speakers.inventory import EarName, Name
from appliance.speakers.registry_file import RegistryError
from appliance.status import EarStatus, Listening, read_status
from web.access import Access, Scope, access
from web.api.resource import LAST, Body, answer, answers, changes, resource
from web.api.sounds import WakeItem, wake_item
from web.house import House, the_house

ears = resource("ears", "The ears of the house.")

_DAY_S = 86_400.0


class EarItem(Part):
    """One ear: as the household has it, and as its service says."""

    ear: str
    room: Annotated[str | None, Field(description="Null: it hears the whole home.")]
    state: Annotated[str, Field(description="listening, absent, or what is wrong.")]
    level: Annotated[float | None, Field(description="How loud it is there now, in dBFS.")]
    lost: Annotated[int, Field(description="Stretches of sound that it missed since it began.")]
    covered: Annotated[float, Field(ge=0, le=1, description="Share of the last 24 hours in which it listened.")]
    last: Annotated[list[WakeItem], Field(description="The wake words that it heard last, newest first.")]


class Ears(Part):
    """All of them."""

    items: list[EarItem]


class EarPath(Part):
    """Which one."""

    ear: Annotated[EarName, Field(description="What the ear is called.")]


class EarBody(Body):
    """Where an ear is."""

    room: Annotated[Name | None, Field(description="Null: it hears the whole home.")]


class EarPlace(Part):
    """An ear, and where it is."""

    ear: str
    room: str | None


@ears.get("/ears", responses=answers(Ears))
@access(Access.VIEWER, scope=Scope.READ)
def list_ears() -> Response:
    """List the ears, with their levels, last words and coverage."""
    return answer(Ears(items=_ears(the_house())))


@ears.put("/ears/<ear>", responses=changes(EarPlace))
@access(Access.OWNER, scope=Scope.CONTROL)
def put_ear(path: EarPath, body: EarBody) -> Response:
    """Say which room an ear is in."""
    registry = the_house().registry
    if all(each.name != path.ear for each in registry.inventory.ears):
        abort(404, "There is no ear of that name.")
    try:
        registry.put_ear(path.ear, body.room)
    except RegistryError as error:
        abort(503, str(error))
    return answer(EarPlace(ear=path.ear, room=body.room))


def _ears(house: House) -> list[EarItem]:
    now, inventory = house.now(), house.registry.inventory
    status = read_status(house.settings.paths.run, Service.EARS, EarStatus)
    listening = status.ears if status else {}
    with house.reader() as reader:
        listened = covered(reader, Service.EARS, now - _DAY_S, now)
        words = [wake_item(each) for each in noted(reader, WAKE, 0.0, LAST, API_PAGE_MOST).noted]
    rooms = {each.name: each.room for each in inventory.ears}
    return [
        _ear(name, rooms.get(name), listening.get(name), listened.get(name, 0.0) / _DAY_S, words)
        for name in dict.fromkeys([*rooms, *listening])
    ]


def _ear(name: str, room: str | None, now: Listening | None, share: float, words: list[WakeItem]) -> EarItem:
    return EarItem(
        ear=name,
        room=room,
        state=now.state if now else "absent",
        level=now.level if now else None,
        lost=now.lost if now else 0,
        covered=min(share, 1.0),
        last=[each for each in words if each.ear == name][:API_LAST_WORDS],
    )
