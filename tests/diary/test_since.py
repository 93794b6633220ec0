# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.diary.since import since
from appliance.ledger import Reader
from appliance.ledger.rows import CLOCK, WAKE


def test_what_is_new(reader: Reader) -> None:
    """What came after a row comes in order; of too much the newest, and how much was left out."""
    every = [fact for _, fact in reader.facts(WAKE)]
    ids = [id_ for id_, _ in reader.facts(WAKE)]
    came = since(reader, WAKE, 0, 1000)
    assert (came.last, came.left_out) == (ids[-1], 0)
    assert [each.fact.word for each in came.noted] == [each.word for each in every]
    assert all(each.simulated for each in came.noted)
    some = since(reader, WAKE, ids[0], 2)
    assert (some.last, some.left_out) == (ids[-1], len(ids) - 3)
    assert some.noted == came.noted[-2:]


def test_nothing_new(reader: Reader) -> None:
    """Where nothing came there is nothing to tell; ids beyond the newest are of rows that were forgotten."""
    newest = reader.last(WAKE)
    assert since(reader, WAKE, newest, 10) == (newest, 0, [])
    assert since(reader, WAKE, newest + 100, 10) == (newest, 0, [])
    assert since(reader, CLOCK, 0, 10).noted
