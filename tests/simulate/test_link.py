# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.chance import Chance
from appliance.simulate.link import STALL, Link, Weather

times = st.lists(st.floats(1e9, 1e9 + 20_000), min_size=1, max_size=200).map(sorted)


@given(times)
def test_a_stall_only_delays(written: list[float]) -> None:
    """Data leaves in the order in which it was written, never early, and never later than stalls in a row explain."""
    moments = np.array(written)
    left = Link(Chance(1), "it", Weather(stalls=0.5)).release(moments)
    assert (np.diff(left) >= 0).all()
    assert (left >= moments).all()
    assert (left - moments <= 6 * STALL[1]).all()


def test_stalls_hold_data_together() -> None:
    """With stalls, data that was written one by one leaves at once; without, nothing changes."""
    beat = 1e9 + np.arange(0, 600, 0.02)
    stalled = Link(Chance(1), "it", Weather(stalls=0.2)).release(beat)
    assert len(np.unique(stalled)) < len(beat)
    assert (Link(Chance(1), "it", Weather(stalls=0)).release(beat) == beat).all()


def test_a_calm_network_leaves_all_as_it_is() -> None:
    """With every trouble off nothing is lost, sent twice, late or merged."""
    calm = Link(Chance(1), "it", Weather(0, loss=False, retransmission=False, reordering=False, offload=False))
    assert len(calm.lost(10_000)) == len(calm.repeated(10_000)) == len(calm.late(10_000)) == 0
    assert (calm.merge(100) == 1).all()


def test_troubles_come_as_often_as_they_should() -> None:
    """About one segment of a thousand is lost, one sent twice, one late."""
    rough = Link(Chance(1), "it", Weather())
    for happened in (rough.lost, rough.repeated, rough.late):
        assert 60 < len(happened(100_000)) < 150
