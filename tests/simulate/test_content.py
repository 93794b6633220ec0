# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.chance import Chance
from appliance.simulate.content import MAX_RECORD, Noise

NOISE = Noise(Chance(1))


@given(st.integers(0, MAX_RECORD), st.sampled_from([20, 22, 23]))
def test_a_record_says_its_length(length: int, kind: int) -> None:
    """A record is a header that states kind, version and length, and so many bytes."""
    record = NOISE.record(length, kind)
    if length < MAX_RECORD:
        assert record[0] == kind
    assert record[1:3] == b"\x03\x03"
    assert int.from_bytes(record[3:5], "big") == length == len(record) - 5


def test_noise_does_not_repeat_at_once() -> None:
    """Two payloads in a row differ, as encrypted ones do."""
    assert NOISE.take(100) != NOISE.take(100)
