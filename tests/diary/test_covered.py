# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.diary.calendar import Stretch
from appliance.diary.covered import covered, pieces, stretches
from appliance.diary.day import days
from appliance.events import Coverage, Service
from appliance.ledger import Reader, open_ledger
from appliance.ledger.rows import COVERAGES
from appliance.report.spans import Span


def test_coverage_is_added_up(reader: Reader) -> None:
    """Of the whole time all that was watched counts, once; of a part of it no more than the part."""
    span = days(reader)
    assert span is not None
    facts = [fact for _, fact in reader.facts(COVERAGES[Service.CAPTURE])]
    whole = covered(reader, Service.CAPTURE, span[0] - 100, span[1] + 100)
    assert whole == {"capture": pytest.approx(sum(fact.ended_at - fact.time for fact in facts), rel=1e-3)}
    middle = (span[0] + span[1]) / 2
    assert covered(reader, Service.CAPTURE, middle, middle + 10) == {"capture": pytest.approx(10.0)}
    assert covered(reader, Service.EARS, 0.0, 1.0) == {}
    assert set(covered(reader, Service.EARS, *span)) == {
        fact.source for _, fact in reader.facts(COVERAGES[Service.EARS])
    }


def test_ears_listen_from_when_to_when(reader: Reader) -> None:
    """Each ear's stretches are in order, apart, within what was asked for, and add up to what it covered."""
    span = days(reader)
    assert span is not None
    found, sums = stretches(reader, Service.EARS, *span), covered(reader, Service.EARS, *span)
    assert found.keys() == sums.keys()
    for ear, own in found.items():
        assert all(before.end < after.start for before, after in pairwise(own))
        assert all(span[0] <= each.start < each.end <= span[1] for each in own)
        assert sum(each.end - each.start for each in own) == pytest.approx(sums[ear], rel=0.01)


def test_what_was_told_bit_by_bit_is_one_piece(tmp_path: Path) -> None:
    """Each source's bits that follow each other are one with all they lost; a gap parts them; times are shifted."""
    with closing(open_ledger(tmp_path / "ledger.sqlite", service=Service.EARS, now=0.0)) as ledger:
        told = [
            Coverage(0.0, 10.0, "a"),
            Coverage(5.0, 8.0, "b"),
            Coverage(10.1, 20.0, "a", 5),
            Coverage(15.0, 16.0, "a"),
        ]
        boot = ledger.begin("this", 0.0)
        ledger.write(boot, [*told, Coverage(22.0, 30.0, "a", 1), Coverage(99.0, 100.0, "a")])
        with closing(ledger.reader()) as reader:
            found = pieces(reader, Service.EARS, Stretch(boot, 0.0, 50.0, 1000.0, synchronised=True))
            assert sorted(found, key=lambda each: each.time) == [
                Coverage(1000.0, 1020.0, "a", 5),
                Coverage(1005.0, 1008.0, "b"),
                Coverage(1022.0, 1030.0, "a", 1),
            ]


def test_what_lost_sound_is_not_covered(tmp_path: Path) -> None:
    """A stretch in which samples were lost is a hole; a seam of a tenth of a second is none."""
    with closing(open_ledger(tmp_path / "ledger.sqlite", service=Service.EARS, now=0.0)) as ledger:
        told = [Coverage(0.0, 10.0, "a"), Coverage(10.1, 20.0, "a"), Coverage(20.0, 30.0, "a", 5)]
        ledger.write(ledger.begin("this", 0.0), [*told, Coverage(30.0, 40.0, "a"), Coverage(0.0, 9.0, "b", 1)])
        with closing(ledger.reader()) as reader:
            assert stretches(reader, Service.EARS, 5.0, 35.0) == {"a": [Span(5.0, 20.0), Span(30.0, 35.0)], "b": []}
