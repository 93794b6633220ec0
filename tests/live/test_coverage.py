# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import CAPTURE
from appliance.limits import FLUSH_S, LOSS_FLUSH_S
from appliance.live.coverage import Watching

steps = st.lists(st.tuples(st.floats(0, 100), st.integers(0, 2), st.booleans()), max_size=30)


@given(steps)
def test_all_time_is_told_once_and_losses_where_they_were(played: list[tuple[float, int, bool]]) -> None:
    """Stretches join without gap or overlap, every loss is in one, and none is told before it is written."""
    watching, now, stretches, lost = Watching(1000.0), 1000.0, [], 0
    for seconds, missing, write in played:
        now += seconds
        lost += missing
        watching.feed(now, missing)
        if write or watching.due():
            stretches += watching.take()
        assert watching.told <= now
        assert lost == sum(stretch.lost for stretch in stretches) or watching.told <= now - seconds
    stretches += watching.take()
    ends = [1000.0, *(stretch.ended_at for stretch in stretches)]
    assert [stretch.time for stretch in stretches] == ends[:-1]
    assert ends[-1] == now or not played
    assert sum(stretch.lost for stretch in stretches) == lost
    assert all(stretch.source == CAPTURE for stretch in stretches)


def test_a_loss_is_written_soon_and_the_rest_rarely() -> None:
    """What excuses an upload must not wait, and what only says that all is well costs the card little."""
    watching = Watching(0.0)
    watching.feed(LOSS_FLUSH_S, 0)
    assert not watching.due()
    watching.feed(LOSS_FLUSH_S + 1, 3)
    assert watching.told == LOSS_FLUSH_S
    watching.feed(2 * LOSS_FLUSH_S + 1, 0)
    assert watching.due()
    assert [stretch.lost for stretch in watching.take()] == [0, 3]
    assert watching.told == 2 * LOSS_FLUSH_S + 1
    watching.feed(FLUSH_S + 2 * LOSS_FLUSH_S + 1, 0)
    assert watching.due()
