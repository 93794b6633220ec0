# SPDX-License-Identifier: GPL-2.0-or-later
import random
from statistics import fmean

import pytest

from appliance.simulate.chance import Chance, count


def test_a_purpose_has_its_own_dice() -> None:
    """The same seed and purpose draw the same numbers; another seed or purpose draws others."""
    chance = Chance(3)
    drawn = chance.dice("a", 1).random()
    assert drawn == Chance(3).dice("a", 1).random()
    assert drawn not in {chance.dice("a", 2).random(), Chance(4).dice("a", 1).random()}


def test_noise_follows_seed_and_purpose() -> None:
    """Numpy's generators are named like the dice."""
    assert Chance(3).noise("x").bytes(8) == Chance(3).noise("x").bytes(8)
    assert Chance(3).noise("x").bytes(8) != Chance(3).noise("y").bytes(8)


def test_counts_have_their_mean() -> None:
    """Things happen as often as they should on average, and never if they should not."""
    dice = random.Random(1)
    assert fmean(count(dice, 2.5) for _ in range(4000)) == pytest.approx(2.5, abs=0.1)
    assert count(dice, 0.0) == 0
