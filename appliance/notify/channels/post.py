# SPDX-License-Identifier: GPL-2.0-or-later
"""One request to an address that the owner gave: bounded in time and size, and led nowhere else."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from socket import SHUT_RDWR
from ssl import SSLError
from threading import Thread
from time import time
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, parse_url

from appliance.limits import ANSWER_BYTES, SEND_S
from appliance.notify.letter import Outcome

#: Answers that mean "not now".
_LATER = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, headers in lower case, and the body as far as it was read."""

    status: int
    headers: dict[str, str]
    body: bytes


class Unreachable(Exception):  # noqa: N818 - it says what is wrong
    """There was no answer; the message says why, in words, without the secrets in the address."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send ``body`` and return the answer; as ``request``."""
    return request("POST", url, body, headers)


def request(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Make a request and return the answer. A redirect is an answer like any other: nobody follows it.

    Raises Unreachable after SEND_S at the latest, whatever takes so long, or if ``url`` is none.
    """
    try:
        host, target = urlsplit(url).hostname, parse_url(url)
    except (ValueError, urllib3.exceptions.LocationParseError):
        host = None
    if not url.startswith(("https://", "http://")) or not host:
        raise Unreachable("the address must begin with https:// or http://")
    attempt = _Attempt(host, target)
    thread = Thread(target=attempt.run, args=(method, body, headers), name="request", daemon=True)
    thread.start()
    thread.join(SEND_S)
    attempt.leave()
    if attempt.answer is None:
        raise Unreachable(f"{host}: {_words(attempt.error)}")
    return attempt.answer


class _Attempt:
    """One request in a thread of its own, since nothing else bounds all of it: names, addresses, headers that trickle.

    Whoever waited too long leaves it; it ends when its connection does, and sends nothing that it has not begun to.
    """

    def __init__(self, host: str, target: Url) -> None:
        kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
        self._connection = kind(host, target.port, timeout=SEND_S)
        self._path = target.request_uri
        self._left = False
        self.answer: Answer | None = None
        self.error: Exception = TimeoutError()  #: why there is no answer

    def run(self, method: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Make it."""
        try:
            self._connection.connect()
            if not self._left:
                self._connection.request(method, self._path, body or None, headers, preload_content=False)
                answer = self._connection.getresponse()
                said = {name.lower(): value for name, value in answer.headers.items()}
                whole = Answer(answer.status, said, _read(answer))
                if not self._left:  # leaving ends the connection, and what had come by then looks whole
                    self.answer = whole
        except (urllib3.exceptions.HTTPError, HTTPException, ValueError, OSError) as error:
            self.error = TimeoutError() if self._left else error
        finally:
            self._connection.close()

    def leave(self) -> None:
        """Wait no longer."""
        self._left = True
        with suppress(OSError, AttributeError):  # there is none, or none any more
            self._connection.sock.shutdown(SHUT_RDWR)


def outcome(who: str, answer: Answer) -> Outcome:
    """Return what an answer means: arrived, later, or never."""
    if 200 <= answer.status < 300:
        return Outcome(arrived=True, words=f"{who} took it ({answer.status})")
    final = 300 <= answer.status < 500 and answer.status not in _LATER
    words = f"{who} answered {answer.status}{_reason(answer)}"
    return Outcome(arrived=False, words=words, final=final, retry_after=_retry_after(answer.headers.get("retry-after")))


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    body = b""
    while len(body) < ANSWER_BYTES:
        piece = answer.read1(ANSWER_BYTES - len(body), decode_content=False)
        if not piece:
            break
        body += piece
    return body


def _reason(answer: Answer) -> str:
    """Return what the server says, if it is words."""
    if answer.status in range(300, 400):
        return f": it moved to {answer.headers.get('location', 'nowhere')[:200]}; give its new address"
    text = answer.body[:200].decode(errors="replace").strip()
    if not text or text.startswith("<") or not text.isprintable():
        return {401: ": it needs a login", 403: ": the login is not good enough", 404: ": there is nothing there"}.get(
            answer.status, ""
        )
    return f": {text}"


def _retry_after(text: str | None) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3): a number, or a date."""
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def _words(error: Exception) -> str:
    match error:
        case urllib3.exceptions.NameResolutionError():
            return "this name is not known; is there internet?"
        case urllib3.exceptions.NewConnectionError():
            return "nobody answers there"
        case urllib3.exceptions.TimeoutError() | TimeoutError():
            return f"no answer within {SEND_S:.0f} seconds"
        case SSLError():
            return "its certificate is not trusted here"
        case _:
            return "the connection broke off"
