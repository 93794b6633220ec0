# SPDX-License-Identifier: GPL-2.0-or-later
"""Server-Sent Events: what happens, told to everybody who listens, in order, and again to those who come back.

Nobody slow holds up anybody: what finds no room in a listener's queue is missed, and the listener is told how much.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import Condition, Lock
from time import monotonic
from typing import NamedTuple

from appliance.limits import (
    STREAM_COMMENT_S,
    STREAM_LASTS_S,
    STREAM_RETRY_MS,
    STREAM_RING,
    STREAM_WAITING,
    STREAMS,
)

#: The kind of event that says that there was more than is told.
MISSED = "missed"


class StreamsFullError(Exception):
    """As many listen as may."""


class Event(NamedTuple):
    """One thing that happened; ``data`` is JSON, which has no line ends. Without ``id`` it is only of this moment."""

    kind: str
    data: str
    id: str = ""

    def encoded(self) -> bytes:
        """Return it as it goes over the wire."""
        name = f"id: {self.id}\n" if self.id else ""
        return f"{name}event: {self.kind}\ndata: {self.data}\n\n".encode()


class Stream:
    """Where events are told and heard; any thread may call."""

    def __init__(self, run: str) -> None:
        """Begin; ``run`` tells the ids of this stream from those of an earlier one."""
        self._run = run
        self._told = 0
        self._ring: deque[Event] = deque(maxlen=STREAM_RING)
        self._listeners: set[Listener] = set()
        self._closed = False
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many listen."""
        return len(self._listeners)

    def tell(self, kind: str, data: str) -> None:
        """Tell what happened, and remember it for those who come back."""
        with self._lock:
            self._told += 1
            event = Event(kind, data, self._id(self._told))
            self._ring.append(event)
            for listener in self._listeners:
                listener.offer(event)

    def show(self, kind: str, said: Callable[[str], str]) -> None:
        """Tell how things are at this moment, in place of what was shown before and not fetched yet.

        ``said`` returns it in a language; it is asked once for each that somebody listens in.
        """
        with self._lock:
            languages = {listener.language for listener in self._listeners}
        shown = {language: Event(kind, said(language)) for language in languages}
        with self._lock:
            for listener in self._listeners:
                if event := shown.get(listener.language):
                    listener.show(event)

    def listen(self, after: str | None = None, language: str = "") -> "Listener":
        """Return a listener that hears what comes, and what came after the event ``after``; StreamsFullError."""
        with self._lock:
            if len(self._listeners) >= STREAMS:
                raise StreamsFullError
            listener = Listener(self._since(after) if after else (), language)
            if self._closed:
                listener.close()
            self._listeners.add(listener)
        return listener

    def leave(self, listener: "Listener") -> None:
        """Tell this listener nothing any more."""
        listener.close()
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all streams: whoever listens is let go at once."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.close()

    def _since(self, after: str) -> Iterable[Event]:
        """Return what came after that event; what is not remembered any more is missed, however much it was."""
        run, _, number = after.rpartition("-")
        missing = self._told - int(number) if run == self._run and number.isdecimal() and len(number) < 20 else -1
        if 0 <= missing <= len(self._ring):
            return islice(self._ring, len(self._ring) - missing, None)
        return (Event(MISSED, '{"missed":null}', self._id(self._told)),)

    def _id(self, number: int) -> str:
        return f"{self._run}-{number}"


class Listener:
    """One client's queue; iterate over it for the bytes to send."""

    def __init__(self, before: Iterable[Event], language: str = "") -> None:
        self.language = language
        self._waiting = deque(before)
        self._missed = 0
        self._last = ""  # the id of the last event that was missed
        self._moment: Event | None = None
        self._closed = False
        self._news = Condition()

    def offer(self, event: Event) -> None:
        """Take an event if there is room, and nothing before it was missed that was not told yet."""
        with self._news:
            if self._missed or len(self._waiting) >= STREAM_WAITING:
                self._missed, self._last = self._missed + 1, event.id
            else:
                self._waiting.append(event)
            self._news.notify()

    def show(self, event: Event) -> None:
        """Take what is of this moment, in place of the last."""
        with self._news:
            self._moment = event
            self._news.notify()

    def close(self) -> None:
        """End, wherever it is."""
        with self._news:
            self._closed = True
            self._news.notify()

    def __iter__(self) -> Iterator[bytes]:
        """Yield what to send until the stream ends."""
        until = monotonic() + STREAM_LASTS_S
        yield b"retry: %d\n\n" % STREAM_RETRY_MS
        while (left := until - monotonic()) > 0:
            with self._news:
                self._news.wait_for(self._something, min(left, STREAM_COMMENT_S))
                if self._closed:
                    return
                event = self._next()
            yield event.encoded() if event else b": still here\n\n"

    def _something(self) -> bool:
        return bool(self._closed or self._waiting or self._missed or self._moment)

    def _next(self) -> Event | None:
        """Return what comes next: what happened, in order, then how much was missed, then how things are."""
        if self._waiting:
            return self._waiting.popleft()
        if self._missed:
            missed, self._missed = self._missed, 0
            return Event(MISSED, f'{{"missed":{missed}}}', self._last)
        event, self._moment = self._moment, None
        return event
