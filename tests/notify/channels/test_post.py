# SPDX-License-Identifier: GPL-2.0-or-later
import contextlib
import itertools
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

import pytest

from appliance.limits import ANSWER_BYTES
from appliance.notify.channels import post as posting
from appliance.notify.channels.post import Answer, Unreachable, outcome, post
from tests.notify.receiver import Reaction, Receiver


def test_what_is_posted_arrives() -> None:
    """The body and headers come as they were given, and the answer goes back."""
    with Receiver(lambda _n: Reaction(body=b"thanks")) as receiver:
        answer = post(f"{receiver.url}/topic", b"\xff1", {"X-Wish": "yes"})
        assert (answer.status, answer.body) == (200, b"thanks")
        (request,) = receiver.requests
        assert (request.path, request.body, request.headers["X-Wish"]) == ("/topic", b"\xff1", "yes")


def test_nobody_follows_a_redirect() -> None:
    """A server that sends us elsewhere is not obeyed, and the owner is told where it moved."""
    with Receiver() as inside, Receiver(lambda _n: Reaction(302, {"Location": inside.url})) as receiver:
        told = outcome("it", post(receiver.url, b"", {}))
        assert inside.requests == []
    assert told.final
    assert inside.url in told.words


@pytest.mark.parametrize(
    ("status", "final"),
    [(200, False), (204, False), (400, True), (401, True), (403, True), (404, True), (429, False), (500, False)],
)
def test_what_a_status_means(status: int, final: bool) -> None:  # noqa: FBT001 - a column of the table
    """Two hundred has arrived; what is the owner's mistake is never tried again, what is the server's is."""
    told = outcome("it", Answer(status, {}, b""))
    assert (told.arrived, told.final) == (status < 300, final)
    assert str(status) in told.words


def test_what_the_server_says_is_passed_on() -> None:
    """Its words are, a page of HTML is not, and without words ours stand in."""
    assert outcome("it", Answer(403, {}, b"no such topic")).words == "it answered 403: no such topic"
    assert outcome("it", Answer(403, {}, b"<html>")).words == "it answered 403: the login is not good enough"


def test_how_long_it_wants_us_to_wait() -> None:
    """Retry-After counts as seconds or as a date; anything else is none."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90))
    waits = [outcome("it", Answer(429, {"retry-after": text}, b"")).retry_after for text in ("17", later, "soon", "²")]
    assert waits[0] == 17.0
    assert waits[1] == pytest.approx(90, abs=30)
    assert waits[2:] == [None, None]


@pytest.mark.parametrize("url", ["ftp://example.org", "file:///etc/passwd", "http://", "", "https://[", "gopher://x"])
def test_other_addresses_are_refused(url: str) -> None:
    """Only HTTP goes out, and what is no address is said to be none."""
    with pytest.raises(Unreachable):
        post(url, b"", {})


def test_who_is_not_there_is_named() -> None:
    """A port at which nobody listens is told in words, with the host and nothing else of the address."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1: nobody answers there$"):
        post(f"http://127.0.0.1:{port}/secret", b"", {})


def test_who_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the letter and never answers costs no more than the time allowed."""
    monkeypatch.setattr(posting, "SEND_S", 0.2)
    with Receiver(lambda _n: Reaction(hang=True)) as receiver, pytest.raises(Unreachable, match="no answer within"):
        post(receiver.url, b"", {})


class Trickle:
    """A server that says a little again and again, and never comes to an end."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        plug, _ = self._socket.accept()
        with plug, contextlib.suppress(OSError):
            plug.recv(4096)
            for piece in itertools.chain(self._pieces[:-1], itertools.repeat(self._pieces[-1])):
                plug.sendall(piece)
                if self._over.wait(0.05):
                    return


@pytest.mark.parametrize(
    "pieces",
    [(b"H",), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"x")],
    ids=["status", "headers", "body"],
)
def test_who_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]) -> None:
    """A server that always says a little more, wherever in its answer, costs no more than the time allowed in all."""
    monkeypatch.setattr(posting, "SEND_S", 0.3)
    with Trickle(*pieces) as server, pytest.raises(Unreachable, match="no answer within"):
        post(server.url, b"", {})
    until = time.monotonic() + 30
    while any(each.name == "request" for each in threading.enumerate()):
        assert time.monotonic() < until, "its thread goes on"


def test_a_name_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it; and when it is found at last nothing is sent there any more."""
    found, resolve = threading.Event(), socket.getaddrinfo

    def slow(*asked: Any, **more: Any) -> Any:  # noqa: ANN401 - as the system's own
        found.wait()
        return resolve(*asked, **more)

    monkeypatch.setattr(posting, "SEND_S", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with Receiver() as receiver:
        with pytest.raises(Unreachable, match="no answer within"):
            post(receiver.url, b"", {})
        found.set()
        for thread in threading.enumerate():
            if thread.name == "request":
                thread.join(30)
        assert receiver.requests == []


def test_nonsense_is_no_answer() -> None:
    """Bytes that are no HTTP are a connection that broke off."""
    with Receiver(lambda _n: Reaction(garbage=True)) as receiver, pytest.raises(Unreachable, match="broke off"):
        post(receiver.url, b"", {})


def test_no_more_of_an_answer_than_we_want() -> None:
    """However much a server sends, so much is read."""
    with Receiver(lambda _n: Reaction(body=bytes(3 * ANSWER_BYTES))) as receiver:
        assert len(post(receiver.url, b"", {}).body) <= ANSWER_BYTES
