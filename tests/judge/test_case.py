# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Upload
from appliance.judge.case import Case, Docket
from appliance.limits import JUDGE_CASES
from tests.judge.household import upload


def docket(*starts: float) -> tuple[Docket, list[Case]]:
    one = Docket()
    for start in starts:
        for fact in upload(start, 2):
            assert isinstance(fact, Upload)
            one.enter(fact)
    return one, list(one.open.values())


def test_between() -> None:
    """Cases are found by the start of their uploads, in order, open or closed."""
    one, cases = docket(30, 10, 20)
    one.close(cases[1])
    assert [case.start for case in one.between(10, 25)] == [10, 20]
    assert len(one.open) == 2


def test_forget() -> None:
    """Closed cases whose uploads ended long ago are dropped, open ones never."""
    one, cases = docket(10, 20, 30)
    one.close(cases[0])
    one.close(cases[2])
    one.forget(25)
    assert [case.start for case in one.between(0, 100)] == [20, 30]


def test_the_oldest_goes() -> None:
    """More closed cases than the limit push the oldest out."""
    one, cases = docket(*range(JUDGE_CASES + 1))
    for case in cases:
        one.close(case)
    assert next(one.between(0, 100)).start == 1
    assert one.evicted == 1
