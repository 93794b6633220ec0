# SPDX-License-Identifier: GPL-2.0-or-later
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from cheroot.wsgi import Server
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import STREAM_RING, STREAM_WAITING, STREAMS
from web.stream import Listener, Stream, StreamsFullError

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def lines(data: bytes, name: str) -> list[str]:
    """Return the values of the fields of that name."""
    return [line.removeprefix(f"{name}: ") for line in data.decode().splitlines() if line.startswith(f"{name}: ")]


def hear(listener: Listener, events: int) -> bytes:
    """Take that many events off a listener that has them."""
    return b"".join(islice(listener, events + 1))


def told(number: int, run: str = "a") -> Stream:
    stream = Stream(run)
    for each in range(1, number + 1):
        stream.tell("count", str(each))
    return stream


def test_listeners_hear_what_comes_in_order() -> None:
    """Whoever listens hears every event told from then on, in order, and nothing from before."""
    stream = told(3)
    listener = stream.listen()
    stream.tell("count", "4")
    stream.tell("count", "5")
    assert hear(listener, 2) == (b"retry: 3000\n\nid: a-4\nevent: count\ndata: 4\n\nid: a-5\nevent: count\ndata: 5\n\n")


@given(told_before=st.integers(0, 2 * STREAM_RING), seen=st.integers(0, 2 * STREAM_RING), more=st.integers(0, 3))
def test_whoever_comes_back_hears_the_rest(told_before: int, seen: int, more: int) -> None:
    """After any event that is remembered one hears what came after; else, that something is missing."""
    stream = told(told_before)
    listener = stream.listen(f"a-{seen}")
    for each in range(told_before + 1, told_before + more + 1):
        stream.tell("count", str(each))
    after = [str(each) for each in range(told_before + 1, told_before + more + 1)]
    if seen <= told_before <= seen + STREAM_RING:
        rest = [str(each) for each in range(seen + 1, told_before + 1)] + after
        assert lines(hear(listener, len(rest)), "data") == rest
    else:
        assert lines(hear(listener, 1 + more), "data") == ['{"missed":null}', *after]


@pytest.mark.parametrize("strange", ["b-2", "2", "-", "a-", "a-x", "a--1", "a-" + "9" * 5000, "é"])
def test_ids_of_other_runs_are_not_taken_for_ours(strange: str) -> None:
    """An event of an earlier run, or no id at all, means that something may be missing."""
    assert lines(hear(told(3).listen(strange), 1), "data") == ['{"missed":null}']


def test_a_slow_listener_is_told_what_it_missed() -> None:
    """What finds no room is missed, counted and told, in its place in the order, and holds up nobody else."""
    stream = Stream("a")
    slow = stream.listen()
    for each in range(STREAM_WAITING + 7):
        stream.tell("count", str(each))
    heard = iter(slow)
    first = b"".join(islice(heard, STREAM_WAITING + 1))
    stream.tell("count", "later")
    rest = next(heard)
    assert lines(first, "data") == [str(each) for each in range(STREAM_WAITING)]
    assert lines(rest, "event") == ["missed"]
    assert lines(rest, "data") == ['{"missed":8}']
    assert lines(rest, "id") == [f"a-{STREAM_WAITING + 8}"]
    stream.tell("count", "again")
    assert lines(next(heard), "data") == ["again"]


def test_of_the_moment_only_the_newest_is_heard() -> None:
    """How things are has no id, waits for what happened, and an old word on it is not told any more."""
    stream = Stream("a")
    listener = stream.listen()
    stream.show("level", lambda _: "1")
    stream.show("level", lambda _: "2")
    stream.tell("count", "1")
    assert lines(hear(listener, 2), "data") == ["1", "2"]
    assert stream.listen("a-0")._moment is None


def test_each_hears_of_the_moment_in_their_own_language() -> None:
    """It is said once in each language that somebody listens in, and in no other."""
    stream, asked = Stream("a"), list[str]()
    stream.show("level", lambda language: pytest.fail(f"nobody listens in {language}"))
    listeners = {language: [stream.listen(None, language) for _ in range(2)] for language in ("de", "fr")}

    def said(language: str) -> str:
        asked.append(language)
        return f"in {language}"

    stream.show("level", said)
    assert sorted(asked) == ["de", "fr"]
    for language, each in listeners.items():
        assert [lines(hear(listener, 1), "data") for listener in each] == [[f"in {language}"]] * 2


def test_no_more_listen_than_may() -> None:
    """Beyond STREAMS nobody is let in, and who leaves makes room."""
    stream = Stream("a")
    listeners = [stream.listen() for _ in range(STREAMS)]
    with pytest.raises(StreamsFullError):
        stream.listen()
    stream.leave(listeners[0])
    assert len(stream) == STREAMS - 1
    stream.listen()


def test_a_silent_stream_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing happens a comment is sent now and then, so that it is noticed if nobody listens any more."""
    monkeypatch.setattr("web.stream.STREAM_COMMENT_S", 0.01)
    assert hear(Stream("a").listen(), 2) == b"retry: 3000\n\n: still here\n\n: still here\n\n"


def test_streams_end_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream ends by itself when its time is over, and after it is closed nobody hears anything."""
    monkeypatch.setattr("web.stream.STREAM_LASTS_S", 0.0)
    assert list(Stream("a").listen()) == [b"retry: 3000\n\n"]
    stream = told(1)
    stream.close()
    assert list(stream.listen("a-0"))[1:] == []


@contextmanager
def serving(stream: Stream) -> Iterator[tuple[Server, int]]:
    """Serve a stream as the hub's server does; the port."""

    def application(environ: dict[str, str], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        listener = stream.listen(environ.get("HTTP_LAST_EVENT_ID"))
        try:
            yield from listener
        finally:
            stream.leave(listener)

    server = Server(("127.0.0.1", 0), application, numthreads=4)
    server.prepare()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server, server.bind_addr[1]
    finally:
        stream.close()
        server.stop()
        thread.join()


def connect(port: int, after: str = "") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    header = f"Last-Event-ID: {after}\r\n" if after else ""
    client.sendall(f"GET / HTTP/1.1\r\nHost: here\r\n{header}\r\n".encode())
    return client


def read_until(client: socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data:
        data += (more := client.recv(65536))
        assert more, data
    return data


def wait_for(condition: Callable[[], bool]) -> None:
    until = monotonic() + 20
    while not condition():
        assert monotonic() < until
        sleep(0.01)


def test_over_sockets_events_come_in_order_and_go_on() -> None:
    """Through the real server: events in order, and after a break those that came meanwhile."""
    stream = told(2)
    with serving(stream) as (_, port):
        with closing(connect(port, "a-0")) as client:
            stream.tell("count", "3")
            assert lines(read_until(client, b"data: 3\n"), "data") == ["1", "2", "3"]
        stream.tell("count", "4")
        with closing(connect(port, "a-3")) as client:
            assert lines(read_until(client, b"data: 4\n"), "id") == ["a-4"]


def test_a_client_who_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cuts the connection gives the place free with the next word or comment."""
    monkeypatch.setattr("web.stream.STREAM_COMMENT_S", 0.05)
    stream = Stream("a")
    with serving(stream) as (_, port):
        with closing(connect(port)) as client:
            read_until(client, b"retry")
            assert len(stream) == 1
        wait_for(lambda: len(stream) == 0)


def test_a_server_with_open_streams_ends_at_once() -> None:
    """Closing the stream lets the server stop while clients are connected, and they see the end."""
    stream = Stream("a")
    with serving(stream) as (server, port):
        clients = [connect(port) for _ in range(3)]
        for client in clients:
            read_until(client, b"retry")
        began = monotonic()
        stream.close()
        server.stop()
        assert monotonic() - began < 10
        for client in clients:
            assert client.recv(65536)[-5:] in {b"0\r\n\r\n", b""}
            client.close()
