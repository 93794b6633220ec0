# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.diary.covered import covered
from appliance.diary.day import days
from appliance.events import Service
from appliance.ledger import Reader
from appliance.ledger.rows import COVERAGES


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
