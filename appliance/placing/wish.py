# SPDX-License-Identifier: GPL-2.0-or-later
"""How somebody wants the appliance placed: said on the command line, or asked for by the hub, which is not trusted."""

import os
import stat
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from appliance.limits import ASKED_BYTES, RING_PORTS
from appliance.placing.plan import PlacingError
from appliance.settings import InterfaceName, Placement


class Wanted(StrEnum):
    """Where it can be placed by a command; ``undo`` is as it was before Earwitness."""

    BRIDGE = "bridge"
    ACCESS_POINT = "access-point"
    MIRROR = "mirror"
    UNDO = "undo"


def _network_name(text: str) -> str:
    if not text.isprintable() or text != text.strip() or len(text.encode()) > 32:
        raise ValueError("must be 1 to 32 bytes of text without control characters, and no space at either end")
    return text


class AccessPoint(BaseModel):
    """A Wi-Fi of our own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ssid: Annotated[str, Field(min_length=1, max_length=32), AfterValidator(_network_name)]
    passphrase: str = Field(pattern=r"^[ -~]{8,63}$")  #: IEEE 802.11: 8 to 63 printable ASCII characters
    country: str = Field(pattern=r"^[A-Z]{2}$")  #: ISO 3166: which channels and how much power are allowed
    channel: int = Field(default=6, ge=1, le=13)  #: of 2.4 GHz, which every speaker has


class Wish(BaseModel):
    """What is wanted; the same model for people and for the hub."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    placement: Wanted
    ports: tuple[InterfaceName, ...] | None = Field(default=None, max_length=RING_PORTS)  #: without: those there are
    wifi: AccessPoint | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.placement is Wanted.ACCESS_POINT) != (self.wifi is not None):
            raise ValueError("an access point, and nothing else, needs the name, passphrase and country of its Wi-Fi")
        if self.ports is not None and len(set(self.ports)) < len(self.ports):
            raise ValueError("no port can be there twice")
        return self

    @property
    def settled(self) -> Placement:
        """The placement as the settings have it."""
        return Placement(self.placement)


def asked(path: Path) -> Wish:
    """Take what was asked for from a file that the hub wrote, and take the file away. Raises PlacingError."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            path.unlink(missing_ok=True)
        raise PlacingError(f"{path}: {error.strerror}") from None
    try:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise PlacingError(f"{path}: is a folder")
        path.unlink(missing_ok=True)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise PlacingError(f"{path}: is no plain file")
        raw = os.read(handle, ASKED_BYTES + 1)
    finally:
        os.close(handle)
    if len(raw) > ASKED_BYTES:
        raise PlacingError(f"{path}: is larger than {ASKED_BYTES} bytes")
    return parsed(raw)


def parsed(raw: bytes) -> Wish:
    """Return the wish that JSON text says. Raises PlacingError; nothing that was not understood is ignored."""
    try:
        return Wish.model_validate_json(raw)
    except ValidationError as error:
        raise PlacingError(complaint(error)) from None


def complaint(error: ValidationError) -> str:
    """Return in words what is wrong with a wish, without what was said: a passphrase may be in it."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'what was asked for'}: {each['msg']}" for each in problems)
