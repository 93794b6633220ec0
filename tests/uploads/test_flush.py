# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable

from appliance.events import Piece
from appliance.uploads.flush import Flush
from tests.uploads.streams import RULES, beat, dump


def fires(pieces: Iterable[Piece]) -> bool:
    flush = Flush(RULES.uploads.flush)
    return any([flush.feed(piece.time, piece.length) for piece in pieces])  # noqa: C419 - all are fed


def test_a_dump_and_a_little_beat_is_the_shortest_upload() -> None:
    """A pre-roll followed by less than a second of beat is found."""
    assert fires([*dump(5, 17_000), *beat(5.32, 0.5, 300, 0.062)])


def test_a_report_has_nothing_after_it() -> None:
    """The 14-kB report after a command, half a second long, does not fire."""
    assert not fires(dump(5, 14_000, over=0.5))


def test_a_beat_without_a_dump_is_left_to_others() -> None:
    """A beat alone is the steady detector's."""
    assert not fires(beat(5, 3, 300, 0.062))


def test_telemetry_at_wire_speed_does_not_fire() -> None:
    """A second of full segments is a dump that goes on, not a beat."""
    assert not fires(dump(5, 400_000, over=1.0))
