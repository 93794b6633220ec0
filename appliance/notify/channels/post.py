# SPDX-License-Identifier: GPL-2.0-or-later
"""One request to an address that the owner gave: bounded in time and size, and led nowhere else."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic, time
from urllib.parse import urlsplit

import urllib3

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


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send ``body`` and return the answer. A redirect is an answer like any other: nobody follows it.

    Raises Unreachable after SEND_S at the latest, or if ``url`` is none.
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not url.startswith(("https://", "http://")) or not host:
        raise Unreachable("the address must begin with https:// or http://")
    until = monotonic() + SEND_S
    try:
        with urllib3.PoolManager(timeout=urllib3.Timeout(total=SEND_S), retries=False) as pool:
            answer = pool.request("POST", url, body=body, headers=headers, redirect=False, preload_content=False)
            return Answer(
                answer.status, {name.lower(): value for name, value in answer.headers.items()}, _read(answer, until)
            )
    except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        raise Unreachable(f"{host}: {_words(error)}") from None


def outcome(who: str, answer: Answer) -> Outcome:
    """Return what an answer means: arrived, later, or never."""
    if 200 <= answer.status < 300:
        return Outcome(arrived=True, words=f"{who} took it ({answer.status})")
    final = 300 <= answer.status < 500 and answer.status not in _LATER
    words = f"{who} answered {answer.status}{_reason(answer)}"
    return Outcome(arrived=False, words=words, final=final, retry_after=_retry_after(answer.headers.get("retry-after")))


def _read(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    body = b""
    while len(body) < ANSWER_BYTES and monotonic() < until:
        piece = answer.read1(ANSWER_BYTES - len(body))
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
        case urllib3.exceptions.TimeoutError():
            return f"no answer within {SEND_S:.0f} seconds"
        case urllib3.exceptions.SSLError():
            return "its certificate is not trusted here"
        case _:
            return "the connection broke off"
