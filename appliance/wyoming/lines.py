# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes over one Wyoming connection, as events. Pure; nothing that comes in is believed.

An event is a line of JSON, then as many bytes of further JSON as it says, then as many bytes of sound as it says
(github.com/rhasspy/wyoming, README). Sound is passed over as it comes and never kept. The library of that name reads
any length that the other side names into memory, so these few lines are our own.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

from appliance.limits import WYOMING_LINE_BYTES, WYOMING_SOUND_BYTES


class WyomingError(Exception):
    """What came is not Wyoming, or too much at once; the message says what."""


class Event(NamedTuple):
    """One event; ``data`` is as the other side has it."""

    type: str
    data: dict[str, object]


class Lines:
    """Takes bytes as they come."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._head: dict[str, object] | None = None  #: the line of an event whose data is still to come
        self._skip = 0  #: bytes of sound that are still to come, and are dropped

    def feed(self, raw: bytes) -> Iterator[Event]:
        """Yield the events that are complete. Errors: WyomingError; nothing after it makes sense."""
        self._waiting += raw
        while (event := self._next()) is not None:
            yield event
        if len(self._waiting) > WYOMING_LINE_BYTES:
            raise WyomingError(f"a line is longer than {WYOMING_LINE_BYTES} bytes")

    def _next(self) -> Event | None:
        skipped = min(self._skip, len(self._waiting))
        del self._waiting[:skipped]
        self._skip -= skipped
        if self._skip:
            return None
        if self._head is None:
            line, end, rest = self._waiting.partition(b"\n")
            if not end:
                return None
            self._waiting = rest
            self._head = _document(line)
        size = _length(self._head, "data_length", WYOMING_LINE_BYTES)
        if len(self._waiting) < size:
            return None
        data = _inner(self._head) | (_document(self._waiting[:size]) if size else {})
        del self._waiting[:size]
        self._skip = _length(self._head, "payload_length", WYOMING_SOUND_BYTES)
        kind, self._head = self._head.get("type"), None
        if not isinstance(kind, str):
            raise WyomingError("an event has no type")
        return Event(kind, data)


def _document(raw: bytes | bytearray) -> dict[str, object]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise WyomingError("a line is no JSON") from None
    if not isinstance(found, dict):
        raise WyomingError("a line is no JSON object")
    return found


def _inner(head: dict[str, object]) -> dict[str, object]:
    data = head.get("data") or {}
    if not isinstance(data, dict):
        raise WyomingError("the data of an event is no JSON object")
    return data


def _length(head: dict[str, object], key: str, most: int) -> int:
    size = head.get(key) or 0
    if not isinstance(size, int) or not 0 <= size <= most:
        raise WyomingError(f"{key} is {str(size)[:40]!r}")
    return size
