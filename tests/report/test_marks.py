# SPDX-License-Identifier: GPL-2.0-or-later
import re

from appliance.report.marks import BAR, mark_shape, speech_shape, wake_shape
from appliance.report.words import Kind


def test_each_kind_has_a_shape_of_its_own() -> None:
    """Without their colours the kinds can still be told apart."""
    shapes = {re.sub(r'class="[a-z-]+"', "", mark_shape(kind, 100.0, 0.0, 0.0, 38.0)) for kind in Kind}
    assert len(shapes) == len(Kind)


def test_what_nobody_asked_for_has_a_triangle() -> None:
    """The accusation is a triangle and a bar, both red, both with a halo that keeps neighbours off."""
    shape = mark_shape(Kind.UNEXPLAINED, 100.0, 0.0, 0.0, 38.0)
    assert shape.count('<path class="unexplained"') == shape.count('<rect class="unexplained"') == 1
    assert shape.count('class="halo"') == 2


def test_a_bar_is_never_too_thin_to_see() -> None:
    """Some seconds of a day would be a twentieth of a pixel; a long upload keeps its width."""
    assert f'width="{BAR:.0f}"' in mark_shape(Kind.ASKED, 100.0, 0.0, 0.05, 38.0)
    assert 'width="40"' in mark_shape(Kind.ASKED, 100.0, 0.0, 40.0, 38.0)


def test_a_near_miss_is_no_wake_word() -> None:
    """A word that nearly was one is drawn otherwise."""
    assert wake_shape(1.0, 0.0, 38.0, near_miss=True) != wake_shape(1.0, 0.0, 38.0, near_miss=False)


def test_a_short_word_is_still_a_block() -> None:
    """Speech is at least one pixel wide."""
    assert 'width="1"' in speech_shape(1.0, 0.0, 0.001, 38.0)
