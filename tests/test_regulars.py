# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import REGULAR_S
from appliance.regulars import Regulars

names = st.sampled_from([f"{number}" for number in range(30)])
steps = st.lists(st.tuples(names, st.booleans(), st.floats(0, REGULAR_S)))


def test_a_flood_pushes_aside_strangers_alone() -> None:
    """Who was seen again after half an hour, or is known from before, stays; of newcomers the longest silent goes."""
    table: Regulars[int] = Regulars(10)
    table.settle("known", 1)
    table.put("echo", 2, 0.0)
    table.put("echo", 3, REGULAR_S)
    table.put("guest", 4, REGULAR_S)
    for number in range(100):
        table.put(f"flood {number}", number, REGULAR_S + number)
    assert (table["known"], table["echo"], table.get("guest")) == (1, 3, None)
    assert len(table) == 10
    assert table.evicted == 93


def test_regulars_take_half_of_the_room() -> None:
    """Of many that come again and again the longest silent are newcomers once more, and a new device finds room."""
    table: Regulars[int] = Regulars(10)
    for number in range(50):
        table.settle(f"{number}", number)
    table.put("new", 50, 0.0)
    assert "new" in table
    assert {f"{number}" for number in range(45, 50)} < table.keys()


def test_whoever_lives_here_is_no_newcomer() -> None:
    """A resident stays from the first that it shows on, or from when it is said to be one."""
    table: Regulars[int] = Regulars(10)
    table.put("lamp", 1, 0.0)
    table.welcome(frozenset({"lamp", "echo"}))
    table.put("echo", 2, 0.0)
    for number in range(100):
        table.put(f"flood {number}", number, float(number))
    assert (table.get("lamp"), table.get("echo")) == (1, 2)
    assert (table.settled("echo"), table.settled("flood 99")) == (True, False)


@given(st.integers(2, 12), steps)
def test_it_is_a_dict_with_a_bound(limit: int, taken: list[tuple[str, bool, float]]) -> None:
    """Whatever comes, it holds the newest value of each device that it has, never more than its limit, and the last."""
    table: Regulars[int] = Regulars(limit)
    newest, time = {}, 0.0
    for number, (device, settles, later) in enumerate(taken):
        time += later
        newest[device] = number
        if settles:
            table.settle(device, number)
        else:
            table.put(device, number, time)
        assert len(table) <= limit
        assert table[device] == number
        assert all(newest[each] == value for each, value in table.items())
