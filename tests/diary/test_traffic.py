# SPDX-License-Identifier: GPL-2.0-or-later
from collections import Counter

import pytest

from appliance.diary.day import days
from appliance.diary.traffic import sums
from appliance.ledger import Reader
from appliance.ledger.rows import TRAFFIC


@pytest.mark.parametrize("step", [60.0, 3600.0, 86_400.0])
def test_nothing_is_counted_twice_or_left_out(reader: Reader, step: float) -> None:
    """However long the stretches, for each device and role they add up to all that the ledger has."""
    span = days(reader)
    assert span is not None
    start = span[0] // 60 * 60 - 60
    found = sums(reader, start, span[1] + 60, step)
    every: Counter[tuple[str, str]] = Counter()
    for _, fact in reader.facts(TRAFFIC):
        every[fact.device, fact.role] += fact.bytes_up
    added: Counter[tuple[str, str]] = Counter()
    for each in found:
        added[each.device, each.role] += each.bytes_up
        assert (each.time - start) % step == 0
    assert added == every
    assert len({each[:3] for each in found}) == len(found)


def test_only_what_was_asked_for(reader: Reader) -> None:
    """Minutes outside the time asked for are not counted."""
    (_, first), *_ = reader.facts(TRAFFIC, "ORDER BY time LIMIT 1")
    assert {each.time for each in sums(reader, first.time, first.time + 60, 60.0)} == {first.time}
    assert sums(reader, 0.0, 1.0, 60.0) == []
