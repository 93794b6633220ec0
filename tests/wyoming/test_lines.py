# SPDX-License-Identifier: GPL-2.0-or-later
import json
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.limits import WYOMING_LINE_BYTES, WYOMING_SOUND_BYTES
from appliance.wyoming.lines import Event, Lines, WyomingError

library = pytest.importorskip("wyoming.event", reason="the library is not installed: uv sync")

events = st.lists(
    st.tuples(
        st.sampled_from(["detection", "audio-chunk", "voice-started"]),
        st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=3),
        st.binary(max_size=300),
    ),
    max_size=4,
)


def written(*told: tuple[str, dict[str, object], bytes]) -> bytes:
    """What the library of the protocol writes of these events."""
    out = BytesIO()
    for kind, data, sound in told:
        library.write_event(library.Event(kind, data, sound or None), out)
    return out.getvalue()


@given(events, st.lists(st.integers(0, 900), max_size=8))
def test_what_the_library_writes_is_read(told: list[tuple[str, dict[str, object], bytes]], cuts: list[int]) -> None:
    """Whatever pieces it comes in, the events are those that were written, without their sound."""
    raw = written(*told)
    bounds = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    lines = Lines()
    read = [event for start, end in pairwise(bounds) for event in lines.feed(raw[start:end])]
    assert read == [Event(kind, data) for kind, data, _ in told]


@given(st.lists(st.binary(max_size=200), max_size=6))
@example([b'{"type": "x", "data_length": "9"}\n'])
@example([b'{"type": "x", "payload_length": -1}\n'])
@example([b'{"type": 5}\n'])
@example([b'{"type": "x", "data": 5}\n'])
@example([b"[" * 50_000 + b"\n"])
@example([b'{"type": "x", "data_length": 2}\n[]'])
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    """Whatever comes, it is events or a WyomingError."""
    lines = Lines()
    try:
        for piece in pieces:
            assert all(isinstance(event, Event) for event in lines.feed(piece))
    except WyomingError:
        pass


@pytest.mark.parametrize(
    "raw",
    [
        b"x" * (WYOMING_LINE_BYTES + 1),
        b'{"type": "x", "data_length": %d}\n' % (WYOMING_LINE_BYTES + 1),
        b'{"type": "x", "payload_length": %d}\n' % (WYOMING_SOUND_BYTES + 1),
    ],
)
def test_nobody_makes_us_wait_for_ever(raw: bytes) -> None:
    """A line, data or sound that is longer than any is refused before it has come."""
    with pytest.raises(WyomingError):
        list(Lines().feed(raw))


def test_no_sound_is_kept() -> None:
    """Sound is dropped as it comes, also while its event is not complete."""
    lines = Lines()
    head = json.dumps({"type": "audio-chunk", "payload_length": 100_000}).encode() + b"\n"
    assert [event.type for event in lines.feed(head)] == ["audio-chunk"]
    for _ in range(10):
        assert list(lines.feed(b"s" * 10_000)) == []
        assert b"s" not in bytes(vars(lines)["_waiting"])
    assert [event.type for event in lines.feed(written(("detection", {}, b"")))] == ["detection"]
