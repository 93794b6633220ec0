# SPDX-License-Identifier: GPL-2.0-or-later
"""By which names the hub may be called. Whoever calls it by another is refused before anything else is looked at.

A page on the internet can have its own name point to an address of the home (DNS rebinding), and would then be of the
same origin as the dashboard. So only names are answered to that nobody on the internet can own, and addresses.
"""

from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from appliance.certificates import HUB_NAME

#: Ends of names that no registry gives away (RFC 6762, RFC 8375, ICANN 2024; "lan" is what many routers use).
_HOME = ("local", "home.arpa", "internal", "lan")
#: Addresses that are shared by a provider's customers (RFC 6598), which private networks over the internet use too.
_SHARED = ip_network("100.64.0.0/10")
_REFUSED = (
    b"This is Earwitness. It does not answer to the name by which it was called; see [web] names in its settings.\n"
)


def own_names(hostname: str, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the names of a machine that is called ``hostname``, and ``more`` of its owner's."""
    short = {hostname.partition(".")[0].lower(), "earwitness"} - {""}
    whole = {f"{name}.{end}" for name in short for end in _HOME}
    return frozenset({"localhost", HUB_NAME, hostname.lower(), *short, *whole, *(each.lower() for each in more)} - {""})


def host_of(header: str) -> str:
    """Return the name or address in a Host header, without the port; "" if it is none."""
    name, bracket, port = header.partition("]")
    if bracket:  # an IPv6 address
        name = name.removeprefix("[")
    else:
        name, _, port = header.partition(":")
    return "" if port.strip(":0123456789") else name.rstrip(".").lower()


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Say whether the hub answers to this name, or address."""
    if host in names:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return at_home(address)


def at_home(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is of a home's network, or of this machine: nobody on the internet has it."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return at_home(address.ipv4_mapped)
    return address.is_private or address.is_link_local or address.is_loopback or address in _SHARED


class HostCheck:
    """Stands before a WSGI application, and lets through who calls it by one of ``names``."""

    def __init__(self, application: WSGIApplication, names: frozenset[str]) -> None:
        self._application = application
        self._names = names

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        if is_ours(host_of(environ.get("HTTP_HOST", "")), self._names):
            return self._application(environ, start_response)
        status = HTTPStatus.MISDIRECTED_REQUEST
        start_response(
            f"{status.value} {status.phrase}",
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSED)))],
        )
        return [_REFUSED]
