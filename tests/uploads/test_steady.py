# SPDX-License-Identifier: GPL-2.0-or-later
import random

from appliance.uploads.steady import Steady
from tests.uploads.streams import RULES, beat

RULE = RULES.uploads.steady


def fires(pieces: list[tuple[float, int]], *, known: bool = False) -> bool:
    steady = Steady(RULE)
    return any([steady.feed(time, length, known=known) for time, length in pieces])  # noqa: C419 - all are fed


def varying(seconds: float) -> list[tuple[float, int]]:
    """Return a codec of variable bit rate: 250-360 B about every 62 ms."""
    chance = random.Random(7)
    return [(piece.time, chance.randint(250, 360)) for piece in beat(0, seconds, 300, 0.062)]


def test_variable_bit_rate_fires_within_a_second() -> None:
    """Ten filled bins in a row are voice, whatever the lengths."""
    assert fires(varying(1.05))
    assert not fires(varying(0.6))


def test_an_empty_bin_is_forgiven_on_a_voice_flow_alone() -> None:
    """A Wi-Fi stall of two bins is forgiven where the flow is known as voice."""
    torn = [(time, length) for time, length in varying(1.25) if not 0.5 <= time < 0.68]
    assert fires(torn, known=True)
    assert not fires(torn)


def test_wire_speed_is_no_voice() -> None:
    """Telemetry of a megabyte fills every bin too, but faster than any speech."""
    assert not fires([(number * 0.0014, 1400) for number in range(1500)], known=True)


def test_too_little_is_no_voice() -> None:
    """Pings in every bin are not enough bytes for a codec."""
    assert not fires([(piece.time, piece.length) for piece in beat(0, 3, 100, 0.062)], known=True)


def test_a_dump_before_the_beat_does_no_harm() -> None:
    """The pre-roll of PCM, 80 kB at once, does not hide the beat after it."""
    pieces = [(number * 0.0008, 1400) for number in range(57)]
    pieces += [(piece.time, piece.length) for piece in beat(0.05, 1.2, 1057, 0.032)]
    assert fires(pieces)


def test_slow_and_small_tell_speech_from_a_sync() -> None:
    """Speech is slow once its pre-roll is out, and of small pieces; an account's sync is neither."""
    speech, sync = Steady(RULE), Steady(RULE)
    for piece in beat(0, 3, 310, 0.062):
        speech.feed(piece.time, piece.length, known=True)
    for piece in beat(0, 3, 2500, 0.06):
        sync.feed(piece.time, piece.length, known=True)
    assert speech.slow(0.0)
    assert speech.small()
    assert not sync.slow(0.0)
    assert not sync.small()
