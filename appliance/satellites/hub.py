# SPDX-License-Identifier: GPL-2.0-or-later
"""A satellite's way to its hub: HTTPS to whoever the home's authority vouches for, and to nobody else.

The hub is known by the one name that is in all its certificates, at whatever address it is reached. The dates of
certificates are not looked at: a satellite may not know the date, and who may come is said by tokens.
"""

import ssl
from collections.abc import Callable
from errno import EACCES, EAFNOSUPPORT, EPERM
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from json import loads
from socket import create_connection
from typing import TypeVar

from pydantic import ValidationError

from appliance.certificates import HUB_NAME, fingerprint
from appliance.limits import COMPLAINT_CHARACTERS, SATELLITE_ANSWER_BYTES, SATELLITE_PATIENCE_S
from appliance.satellites.clock import Exchange
from appliance.satellites.codes import Code
from appliance.satellites.membership import Address, Membership
from appliance.satellites.messages import PATH, Answer, Report, Request, Welcome

M = TypeVar("M", Answer, Welcome)

#: What systemd lets a service have that may not speak to the network, or not to that address.
_FORBIDDEN = {EAFNOSUPPORT, EPERM, EACCES}
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME


class HubError(Exception):
    """The hub did not do what was asked; the message says why. ``refused``: it lets this satellite in no more."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class Hub:
    """One connection, kept open as long as it lasts."""

    def __init__(self, membership: Membership) -> None:
        """Take whose satellite this is. Raises HubError if the authority's certificate is none."""
        self._line = _Line(membership.hub, _trusting(membership.authority))
        self._headers = {"Authorization": f"Bearer {membership.token}"}

    def report(self, report: Report, now: Callable[[], float]) -> tuple[Answer, Exchange]:
        """Tell the hub a report; return its answer, and when both were sent and came. Raises HubError."""
        self._line.open()
        asked = now()
        raw = self._line.post("/facts", report.model_dump_json(exclude_defaults=True).encode(), self._headers)
        heard = now()
        answer = _understood(Answer, raw)
        return answer, Exchange(asked, answer.received, answer.answered, heard)

    def close(self) -> None:
        """End the connection."""
        self._line.close()


def join(address: Address, code: Code, name: str) -> Membership:
    """Become a satellite of the hub at ``address`` that the code is of. Raises HubError, or ValueError for the name."""
    request = Request(secret=code.secret, name=name).model_dump_json().encode()
    authority = _authority(address, code)
    line = _Line(address, _trusting(authority))
    try:
        raw = line.post("/pair", request, {})
    finally:
        line.close()
    return Membership(hub=address, name=name, authority=authority, token=_understood(Welcome, raw).token)


def _authority(address: Address, code: Code) -> str:
    """Return the certificate of the home's authority: whoever gives it, it is the one that the code names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # what comes is known by its fingerprint
    line = _Line(address, context)
    try:
        raw = line.get("/authority")
    finally:
        line.close()
    try:
        authority = raw.decode("ascii")
        right = fingerprint(raw).startswith(code.mark)
    except ValueError:
        right = False
    if not right:
        raise HubError(f"{address} is not the hub that the code is of: is its address right? Nothing was sent to it")
    return authority


def _trusting(authority: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= _NO_CHECK_TIME
    try:
        context.load_verify_locations(cadata=authority)
    except ssl.SSLError:
        raise HubError("the certificate of the home's authority is damaged: pair this satellite anew") from None
    return context


class _Connection(HTTPSConnection):
    """HTTPS that knows the hub by its name, not by its address."""

    def __init__(self, address: Address, context: ssl.SSLContext) -> None:
        super().__init__(address.host, address.port, timeout=SATELLITE_PATIENCE_S, context=context)
        self._trust = context

    def connect(self) -> None:
        plain = create_connection((self.host, self.port), self.timeout)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=HUB_NAME)
        except BaseException:
            plain.close()
            raise


class _Line:
    """Requests over one connection, with what goes wrong in words."""

    def __init__(self, address: Address, context: ssl.SSLContext) -> None:
        self._address = address
        self._connection = _Connection(address, context)

    def open(self) -> None:
        """Connect, if that is to be done."""
        if self._connection.sock is None:
            self._try(self._connection.connect)

    def get(self, path: str) -> bytes:
        """Return what is at a path."""
        return self._try(lambda: self._ask("GET", path, None, {}))

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """Send a body of JSON; return the answer."""
        return self._try(lambda: self._ask("POST", path, body, {**headers, "Content-Type": "application/json"}))

    def close(self) -> None:
        """End it."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        self._connection.request(method, PATH + path, body, {**headers, "Host": HUB_NAME})
        response = self._connection.getresponse()
        raw = response.read(SATELLITE_ANSWER_BYTES)
        if response.read(1):
            raise HTTPException("an answer without end")
        if response.status != HTTPStatus.OK:
            gone = response.status == HTTPStatus.UNAUTHORIZED
            raise HubError(f"{self._address}: {_reason(response, raw)}", refused=gone)
        return raw

    def _try(self, step: Callable[[], bytes | None]) -> bytes:
        try:
            return step() or b""
        except HubError:
            raise
        except ssl.SSLCertVerificationError:
            self.close()
            raise HubError(f"{self._address} is not the hub of this satellite: another answers there") from None
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            if _forbidden(error):
                raise HubError("the service may not use the network: see step 2 in docs/satellites.md") from None
            raise HubError(f"{self._address} does not answer ({error})") from None


def _forbidden(error: Exception) -> bool:
    """Whether systemd forbids the network, or this address; the numbers of TLS's own errors mean other things."""
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno in _FORBIDDEN


def _reason(response: HTTPResponse, raw: bytes) -> str:
    """Return why there is no answer, as the hub says it; its words are not trusted to be any."""
    try:
        said = str(loads(raw)["detail"])
    except (ValueError, TypeError, KeyError, RecursionError):
        said = response.reason
    return "".join(each if each.isprintable() else "?" for each in said)[:COMPLAINT_CHARACTERS]


def _understood(kind: type[M], raw: bytes) -> M:
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise HubError(
            f"the hub's answer makes no sense ({error.errors()[0]['msg']}): is it of another version?"
        ) from None
