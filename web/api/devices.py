# SPDX-License-Identifier: GPL-2.0-or-later
"""Who lives in the house: what was found of each device, with the owner's word above it."""

from typing import Annotated

from flask import Response, abort
from pydantic import Field

from appliance.limits import SOUND_WAKE_WORDS
from appliance.report.contract import Confidence, Part, Seconds
from appliance.speakers.inventory import Entry, Name, Owner, Status
from appliance.speakers.registry_file import RegistryError
from web.access import Access, Scope, access
from web.api.resource import Body, Mac, answer, answers, changes, resource
from web.house import the_house

devices = resource("devices", "Speakers and other devices of the house.")


class DeviceItem(Part):
    """One device, as the house has it now: what its owner says, else what was found."""

    device: Annotated[str, Field(description="MAC address.")]
    watched: Annotated[bool, Field(description="It counts as a speaker.")]
    speaker: Annotated[str | None, Field(description="Id of the speaker rule that it goes by.")]
    vendor: str | None
    model: str | None
    name: Annotated[str | None, Field(description="May be text from the network, not to be trusted.")]
    confidence: Confidence
    by: Annotated[list[str], Field(description="What it was recognised by, strongest first.")]
    first_seen: Seconds | None
    last_seen: Seconds | None
    owner: Annotated[Owner, Field(description="What its owner says; null: stays as it was found.")]

    @classmethod
    def of(cls, entry: Entry) -> "DeviceItem":
        """Return how the API tells of an entry of the registry."""
        found = entry.found
        return cls(
            device=entry.mac,
            watched=entry.watched,
            speaker=entry.speaker,
            vendor=found.vendor if found else None,
            model=entry.model,
            name=entry.name,
            confidence=found.confidence if found else 1.0,
            by=list(found.by) if found else [],
            first_seen=found.first_seen if found else None,
            last_seen=found.last_seen if found else None,
            owner=entry.owner,
        )


class Devices(Part):
    """All of them: a house has no more than the registry keeps."""

    items: list[DeviceItem]


class DevicePath(Part):
    """Which one."""

    device: Mac


class OwnerBody(Body):
    """What the owner says; what is not in it stays, null takes a word back."""

    name: Name | None = None
    room: Name | None = None
    speaker: Annotated[Name | None, Field(description="Id of a speaker rule.")] = None
    model: Name | None = None
    wake_words: Annotated[tuple[Name, ...] | None, Field(max_length=SOUND_WAKE_WORDS)] = None
    status: Annotated[Status | None, Field(description="confirmed: it is a speaker; ignored: do not watch it.")] = None


@devices.get("/devices", responses=answers(Devices))
@access(Access.VIEWER, scope=Scope.READ)
def list_devices() -> Response:
    """List everything that was seen in the house, speakers among it."""
    return answer(Devices(items=[DeviceItem.of(each) for each in the_house().registry.inventory.devices]))


@devices.get("/speakers", responses=answers(Devices))
@access(Access.VIEWER, scope=Scope.READ)
def list_speakers() -> Response:
    """List the devices that count as speakers, and are watched."""
    watched = [each for each in the_house().registry.inventory.devices if each.watched]
    return answer(Devices(items=[DeviceItem.of(each) for each in watched]))


@devices.get("/devices/<device>", responses=answers(DeviceItem))
@access(Access.VIEWER, scope=Scope.READ)
def get_device(path: DevicePath) -> Response:
    """Return one device."""
    return answer(DeviceItem.of(known_device(path.device)))


@devices.patch("/devices/<device>", responses=changes(DeviceItem))
@access(Access.OWNER, scope=Scope.CONTROL)
def correct_device(path: DevicePath, body: OwnerBody) -> Response:
    """Put the owner's word above what was found."""
    said = {field: value for field, value in body if field in body.model_fields_set}
    try:
        entry = the_house().registry.correct(known_device(path.device).mac, said)
    except RegistryError as error:
        abort(503, str(error))
    return answer(DeviceItem.of(entry))


def known_device(mac: str) -> Entry:
    """Return what the registry has of a device; the request ends with 404 if that is nothing."""
    found = (each for each in the_house().registry.inventory.devices if each.mac == mac)
    return next(found, None) or abort(404, "No such device was seen, or it is forgotten.")
