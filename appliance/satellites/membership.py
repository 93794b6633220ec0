# SPDX-License-Identifier: GPL-2.0-or-later
"""Which hub a satellite belongs to: a small file that its service reads."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.disk import READABLE, replace_file
from appliance.limits import MEMBERSHIP_BYTES, NAME_LENGTH
from appliance.satellites.messages import PartName


class MembershipError(Exception):
    """The file cannot be read; the message says why, and what helps."""


class Address(BaseModel):
    """Where a hub is."""

    model_config = ConfigDict(frozen=True)

    host: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, pattern=r"^[A-Za-z0-9._:%-]+$")]
    port: Annotated[int, Field(ge=1, le=65_535)] = 443

    def __str__(self) -> str:
        """Return it as people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


class Membership(BaseModel):
    """A satellite's hub, by what it is known, and the key to it."""

    model_config = ConfigDict(frozen=True)

    hub: Address
    name: PartName  #: of the satellite
    authority: str  #: the home's certificate (PEM)
    token: str


def read_address(typed: str) -> Address:
    """Return a hub's address as somebody typed it: a name or an IP address, perhaps with a port. Raises ValueError."""
    host, port = typed.strip(), ""
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        port = port.removeprefix(":")
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    return Address(host=host, port=int(port or 443))


def read_membership(path: Path) -> Membership | None:
    """Return whose satellite this machine is; None if it is none. Raises MembershipError."""
    try:
        with path.open("rb") as file:
            return Membership.model_validate_json(file.read(MEMBERSHIP_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MembershipError(f"{path}: {error.strerror}: start it as a service, or as root") from None
    except ValidationError:
        raise MembershipError(f"{path}: is damaged: pair this satellite anew (earwitness ears pair)") from None


def write_membership(path: Path, membership: Membership) -> None:
    """Keep it, for the services' eyes alone. Raises OSError."""
    replace_file(path, membership.model_dump_json(indent=1), READABLE)
