# SPDX-License-Identifier: GPL-2.0-or-later
from web.steps import STEPS, next_address


def test_one_step_follows_another() -> None:
    """From the first to the last, and then home."""
    names = [*STEPS]
    assert [next_address(each) for each in names] == [*(f"/setup/{each}" for each in names[1:]), "/"]
