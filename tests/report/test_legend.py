# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.report.legend import legend
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.timeline import lay_out
from tests.report.household import household


def texts(report: Report) -> list[str]:
    return [entry.text for entry in legend(lay_out(report, Names(report)))]


def test_every_shape_that_occurs_is_explained() -> None:
    """A household in which everything happens has the whole legend, each entry once."""
    shown = texts(household())
    assert len(shown) == len(set(shown)) == 9


def test_what_does_not_occur_needs_no_words() -> None:
    """A capture without sounds explains uploads alone."""
    assert texts(replace(household(), verdicts=[], sounds=[], coverages=[], ears=[], listened=False)) == [
        "Upload nobody asked for",
        "Upload that was asked for",
    ]
