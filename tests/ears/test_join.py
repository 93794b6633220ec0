# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.ears.join import joined
from appliance.events import Coverage, Speech, Wake


def test_stretches_that_touch_are_one() -> None:
    """Coverage told every second is one stretch, up to a gap."""
    pieces = [Coverage(0.0, 1.0, "a"), Coverage(1.0, 2.0, "a"), Coverage(2.5, 3.0, "a")]
    assert list(joined(pieces)) == [Coverage(0.0, 2.0, "a"), Coverage(2.5, 3.0, "a")]


def test_speech_that_goes_on_is_one_segment() -> None:
    """Pieces of one kind that touch are one, at their common level; another kind is another segment."""
    pieces = [Speech(0.0, 1.0, "a", -20.0), Speech(1.0, 2.0, "a", -20.0), Speech(2.0, 3.0, "a", -40.0, "other")]
    assert list(joined(pieces)) == [Speech(0.0, 2.0, "a", -20.0), Speech(2.0, 3.0, "a", -40.0, "other")]


def test_all_else_passes() -> None:
    """Wake words come as they are, before the coverage that they lie in."""
    wake = Wake(0.5, "a", "echo", 0.9)
    assert list(joined([wake, Coverage(0.0, 1.0, "a")])) == [wake, Coverage(0.0, 1.0, "a")]
