# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.judge.timeline import Timeline

Span = tuple[int, int]
spans = st.tuples(st.integers(0, 40), st.integers(0, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def timeline(facts: list[Span], limit: int = 100) -> Timeline[Span]:
    line = Timeline[Span](limit, lambda span: span[0], lambda span: span[1])
    for fact in facts:
        line.add(fact)
    return line


@given(st.lists(spans), spans, st.integers(0, 50))
def test_between(facts: list[Span], asked: Span, before: int) -> None:
    """Between two times are the facts that touch it, in order, also after others were forgotten."""
    start, end = asked
    line = timeline(facts)
    assert list(line.between(start, end)) == sorted(
        (fact for fact in facts if fact[0] <= end and fact[1] >= start), key=lambda fact: fact[0]
    )
    line.forget(before)
    left = [fact for fact in facts if fact[1] >= before]
    assert sorted(line.between(0, 100)) == sorted(left)


def test_the_oldest_goes() -> None:
    """More facts than the limit push the oldest out, and it is known up to when something is missing."""
    line = timeline([(5, 6), (1, 2), (3, 9)], limit=2)
    assert list(line.between(0, 100)) == [(3, 9), (5, 6)]
    assert (line.since, line.evicted, len(line)) == (2, 1, 2)
