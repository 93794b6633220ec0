# SPDX-License-Identifier: GPL-2.0-or-later
"""The rooms of the home: a speaker is judged by the ears of its room."""

from typing import Annotated

from flask import Response, abort
from pydantic import Field

from appliance.report.contract import Part
from appliance.speakers.inventory import Name, Room
from appliance.speakers.registry_file import RegistryError
from web.access import Access, Scope, access
from web.api.resource import REMOVES, Body, answer, answers, changes, nothing, resource
from web.house import the_house

rooms = resource("rooms", "The rooms of the home.")


class Rooms(Part):
    """All rooms."""

    items: list[Room]


class RoomBody(Body):
    """A room to be."""

    name: Name


class RoomPath(Part):
    """Which one."""

    name: Annotated[Name, Field(description="What the room is called.")]


@rooms.get("/rooms", responses=answers(Rooms))
@access(Access.VIEWER, scope=Scope.READ)
def list_rooms() -> Response:
    """List the rooms of the home."""
    return answer(_all())


@rooms.post("/rooms", responses=changes(Rooms))
@access(Access.OWNER, scope=Scope.CONTROL)
def add_room(body: RoomBody) -> Response:
    """Add a room, if there is none of that name."""
    try:
        the_house().registry.put_room(body.name)
    except RegistryError as error:
        abort(503, str(error))
    return answer(_all())


@rooms.delete("/rooms/<name>", responses=REMOVES)
@access(Access.OWNER, scope=Scope.CONTROL)
def remove_room(path: RoomPath) -> Response:
    """Drop a room; speakers and ears that are said to be there stay so until somebody says otherwise."""
    if all(each.name != path.name for each in _all().items):
        abort(404, "There is no room of that name.")
    the_house().registry.remove_room(path.name)
    return nothing()


def _all() -> Rooms:
    return Rooms(items=list(the_house().registry.inventory.rooms))
