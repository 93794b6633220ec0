# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.diary.day import days
from appliance.diary.entries import briefly, entries, entry, newer
from appliance.ledger import Reader
from appliance.ledger.rows import VERDICT


def test_each_judged_thing_is_one_entry(reader: Reader) -> None:
    """A verdict and its revision are one entry, with the revision's words; those that came last come first."""
    rows = reader.facts(VERDICT)
    judged = {(each.upload.key if each.upload else each.wake): each for _, each in rows}
    found = entries(reader)
    assert len(found) == len(judged) < len(rows)
    assert {each.verdict for each in found} == set(judged.values())
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)
    assert all(each.simulated for each in found)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_page_after_page(reader: Reader, size: int) -> None:
    """Asked for page after page, each entry comes once."""
    pages, before = [], None
    while page := entries(reader, before=before, limit=size):
        pages += page
        before = page[-1].id
    assert pages == entries(reader)


def test_an_entry_by_its_name(reader: Reader) -> None:
    """An entry is found by its id, and nothing by an id that is none."""
    some = entries(reader)[2]
    assert entry(reader, some.id) == some
    assert entry(reader, 10**15) is None


def test_what_is_wanted_alone(reader: Reader) -> None:
    """Time, device and verdict narrow what comes."""
    every = entries(reader)
    middle = sorted(each.time for each in every)[len(every) // 2]
    assert entries(reader, start=middle) == [each for each in every if each.time >= middle]
    assert entries(reader, end=middle) == [each for each in every if each.time < middle]
    some = every[0]
    assert entries(reader, device=some.verdict.device, verdicts=[some.verdict.verdict]) == [
        each
        for each in every
        if (each.verdict.device, each.verdict.verdict) == (some.verdict.device, some.verdict.verdict)
    ]
    assert entries(reader, start=0.0, end=1.0) == []


def test_what_is_newer(reader: Reader) -> None:
    """A new verdict, or a revision of an old one, makes its entry newer than the row before it."""
    rows = reader.facts(VERDICT)
    assert [each.id for each in newer(reader, 0)[0]] == sorted(each.id for each in entries(reader))
    last, verdict = rows[-1]
    assert [each.verdict for each in newer(reader, last - 1)[0]] == [verdict]
    assert newer(reader, last) == ([], last)


def test_what_counts_are_made_of_is_that_of_the_entries(reader: Reader) -> None:
    """Each entry of a device is told briefly, once, in order of time, as it was judged last; others' are not."""
    watched = days(reader)
    assert watched is not None
    found = entries(reader)
    device = next(each.verdict.device for each in found if each.verdict.device)
    own = sorted((each for each in found if each.verdict.device == device), key=lambda each: each.time)
    assert briefly(reader, device, *watched) == [
        (each.time, each.verdict.verdict, each.verdict.tell, each.verdict.upload and each.verdict.upload.bytes_up)
        for each in own
    ]
    assert briefly(reader, device, watched[1], watched[1] + 1) == []
