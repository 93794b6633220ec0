# SPDX-License-Identifier: GPL-2.0-or-later
import struct
from dataclasses import replace

from appliance.report.bitmap import ZOOM, png
from appliance.report.standalone import WIDTH
from tests.report.household import household


def test_it_is_a_png_of_the_pictures_size() -> None:
    """The bitmap is the picture, sharp on today's screens."""
    made = png(household())
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", made[16:20]) == (int(WIDTH * ZOOM),)


def test_its_text_is_drawn() -> None:
    """Two headlines make two pictures: the font comes along, so a machine without fonts draws text too."""
    report = household()
    placements = [replace(placement, name="Attic") for placement in report.placements]
    assert png(report) != png(replace(report, placements=placements))


def test_light_and_dark_differ() -> None:
    """The theme reaches the bitmap."""
    assert png(household()) != png(household(), "dark")
