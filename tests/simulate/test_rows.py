# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np

from appliance.simulate.rows import concatenate, microseconds, whole_frames

FRAMES = whole_frames([(2.0, b"second"), (1.0, b"first")])


def test_rows_can_be_taken_in_any_order() -> None:
    """Taking rows keeps each row's columns together."""
    taken = FRAMES.take(np.array([1, 0]))
    assert [bytes(payload) for payload in taken.payload] == [b"first", b"second"]
    assert taken.time.tolist() == [1_000_000, 2_000_000]
    assert taken.wire.tolist() == [5, 6]


def test_nothing_and_something_is_something() -> None:
    """Joining no rows is no rows, and they add nothing."""
    assert len(concatenate([])) == 0
    assert len(concatenate([concatenate([]), FRAMES])) == 2


def test_a_cut_keeps_the_beginning_and_the_length() -> None:
    """A snap length cuts what is captured, never what was on the wire; 0 cuts nothing."""
    assert [bytes(payload) for payload in FRAMES.cut(3).payload] == [b"sec", b"fir"]
    assert FRAMES.cut(3).wire.tolist() == [6, 5]
    assert FRAMES.cut(0) is FRAMES


def test_seconds_become_microseconds() -> None:
    """Times round to the next microsecond."""
    assert microseconds(np.array([1781395200.1234564])).tolist() == [1781395200123456]
