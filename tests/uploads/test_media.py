# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.uploads.media import Media
from tests.uploads.streams import RULES

RULE = RULES.uploads.media


def call(seconds: float, up: int, down: int) -> bool:
    media = Media(RULE)
    fired = False
    for number in range(int(seconds / 0.02)):
        time = number * 0.02
        if down and number % 5 == 4:
            media.down(round(time + 0.02, 1), down * 5)
        fired |= media.feed(time, up) is not None
    return fired


def test_datagrams_both_ways_for_long_are_a_call() -> None:
    """Ten seconds of G.711 both ways are a call."""
    assert call(RULE.bins * RULE.bin_s + 1, 172, 172)


def test_one_way_is_no_call() -> None:
    """What nobody answers is no call."""
    assert not call(30, 172, 0)


def test_a_moment_is_no_call() -> None:
    """Three seconds are too short to know."""
    assert not call(3, 172, 172)


def test_a_camera_is_no_call() -> None:
    """A megabyte a second is video, whatever comes back."""
    assert not call(20, 1400 * 20, 172)
