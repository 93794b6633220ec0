# SPDX-License-Identifier: GPL-2.0-or-later
"""What the headers of SSDP (UPnP Device Architecture 2.0, section 1) and of plain HTTP requests show."""

from collections.abc import Iterator

from appliance.events import SightingKind

_LINES = 40  # more is no request of a speaker
_OFFERED = ("SERVER", "NT", "ST", "USER-AGENT")


def ssdp_sightings(payload: bytes) -> Iterator[tuple[SightingKind, str]]:
    """Yield "HEADER: value" of what is offered, and "SEARCH: value" of what is searched for."""
    first, headers = _headers(payload)
    searches = first.startswith("M-SEARCH ")
    for name, value in headers:
        if name in _OFFERED:
            yield SightingKind.SSDP, f"{'SEARCH' if searches and name == 'ST' else name}: {value}"


def http_sightings(payload: bytes) -> Iterator[tuple[SightingKind, str]]:
    """Yield the user agent of the request that begins ``payload``."""
    for name, value in _headers(payload)[1]:
        if name == "USER-AGENT":
            yield SightingKind.USER_AGENT, value


def _headers(payload: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the first line, and each header's name in capitals with its value."""
    head = payload.partition(b"\r\n\r\n")[0].decode(errors="replace")
    first, *lines = head.split("\r\n")[:_LINES]
    parted = (line.partition(":") for line in lines)
    return first, [(name.strip().upper(), value.strip()) for name, colon, value in parted if colon]
