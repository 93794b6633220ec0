# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import Packets, parse
from appliance.capture.merge import Merge
from tests.capture.craft import chunk, records

Record = tuple[int, bytes]

contents = st.binary(min_size=1, max_size=20)
blocks = st.lists(st.tuples(st.integers(0, 1000), contents), max_size=10)
turns = st.lists(st.tuples(st.lists(blocks, min_size=1, max_size=3), st.integers(0, 1000)), max_size=10)


def packets(block: list[Record]) -> Packets:
    return replace(chunk([content for _, content in block]), time=np.array([time for time, _ in block], np.int64))


@given(turns)
def test_nothing_is_lost_doubled_or_out_of_order(turns: list[tuple[list[list[Record]], int]]) -> None:
    """Each packet comes out once, as it went in; each time in order of time, of equal times the one first fed."""
    merge = Merge()
    waiting: list[Record] = []
    for blocks, until in turns:
        for block in blocks:
            merge.feed(packets(block))
            waiting += block
        due = [record for record in waiting if record[0] <= until]
        waiting = [record for record in waiting if record[0] > until]
        assert records(merge.until(until)) == sorted(due, key=lambda record: record[0])
    assert records(merge.finish()) == sorted(waiting, key=lambda record: record[0])
    assert records(merge.finish()) == []


@given(blocks, blocks)
def test_what_comes_out_can_be_parsed(one: list[Record], other: list[Record]) -> None:
    """The columns are those of any chunk, also where there is nothing."""
    merge = Merge()
    merge.feed(packets(one))
    merge.feed(packets(other))
    out = merge.finish()
    assert out.link == 1
    assert len(parse(out)) == len(one) + len(other)


def test_one_port_alone_is_not_copied() -> None:
    """In order already, and of one port, packets pass as they are."""
    merge = Merge()
    block = packets([(1, b"a"), (2, b"b")])
    merge.feed(block)
    assert merge.until(2) is block
