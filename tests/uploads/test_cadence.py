# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import CADENCE_LENGTHS_PER_FLOW
from appliance.uploads.cadence import Cadence
from appliance.uploads.hit import Hit
from tests.uploads.streams import RULES, beat

RULE = RULES.uploads.cadence


def feed(pieces: list[tuple[float, int]], *, known: bool = False) -> list[Hit | None]:
    cadence = Cadence(RULE)
    return [cadence.feed(time, length, known=known) for time, length in pieces]


def test_fires_with_the_fifteenth_record_of_the_beat() -> None:
    """The fifteenth record of one length at a codec's beat fires, the fourteenth does not."""
    hits = feed([(piece.time, piece.length) for piece in beat(10, 0.5, 113, 0.0202)])
    assert next(number for number, hit in enumerate(hits) if hit) == RULE.count - 1
    hit = hits[RULE.count - 1]
    assert hit is not None
    assert (hit.length, round(hit.beat or 0, 4), hit.since) == (113, 0.0202, 10)


def test_other_records_between_do_not_disturb() -> None:
    """Records of other lengths between those of the beat change nothing: headers and pings ride along."""
    pieces = [(piece.time, piece.length) for piece in beat(0, 1, 113, 0.0202)]
    noise = [(time + 0.001, 60 + number) for number, (time, _) in enumerate(pieces)]
    assert any(feed(sorted(pieces + noise)))


def test_a_gap_starts_over() -> None:
    """A silence longer than the rule's gap forgets the run."""
    first = [(piece.time, piece.length) for piece in beat(0, 0.25, 113, 0.0202)]
    second = [(time + 1, length) for time, length in first]
    assert not any(feed(first + second))


def test_a_file_in_equal_records_is_no_voice() -> None:
    """Full records of a slow file transfer keep a beat too, but are too long and too fast for audio."""
    assert not any(feed([(piece.time, piece.length) for piece in beat(0, 5, 16_401, 0.04)]))
    assert not any(feed([(piece.time, piece.length) for piece in beat(0, 5, 3_900, 0.02)]))


def test_fewer_records_are_enough_on_a_voice_flow() -> None:
    """On a flow known as voice twelve slow records suffice."""
    pieces = [(piece.time, piece.length) for piece in beat(0, 0.54, 432, 0.048)]
    assert len(pieces) == RULE.count_known
    assert any(feed(pieces, known=True))
    assert not any(feed(pieces))


@given(st.lists(st.tuples(st.floats(0, 1e3), st.integers(0, 70_000)), max_size=200))
def test_never_fires_on_less_than_the_rule_asks(pieces: list[tuple[float, int]]) -> None:
    """Whatever comes, a hit has had the rule's count of records of its length behind it."""
    pieces.sort()
    cadence = Cadence(RULE)
    for number, (time, length) in enumerate(pieces):
        hit = cadence.feed(time, length, known=False)
        if hit:
            assert sum(other == hit.length for _, other in pieces[: number + 1]) >= RULE.count


def test_lengths_are_bounded() -> None:
    """A flood of lengths keeps no more runs than the limit."""
    cadence = Cadence(RULE)
    for length in range(60, 2000):
        cadence.feed(0.0, length, known=False)
    assert len(cadence._runs) == CADENCE_LENGTHS_PER_FLOW
