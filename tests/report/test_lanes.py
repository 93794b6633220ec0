# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from appliance.events import Placement, Wake
from appliance.report.lanes import Layout, draw, mark_in_words, narrow, wide
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.timeline import Mark, Timeline, lay_out
from appliance.report.words import Kind
from tests.report.household import MONDAY, SPEAKERS, household, upload, verdict


def laid_out(report: Report) -> Timeline:
    return lay_out(report, Names(report))


def drawn(report: Report, layout: Layout | None = None) -> ET.Element:
    timeline = laid_out(report)
    return ET.fromstring(draw(timeline, layout or wide(timeline), report.zone).body)  # noqa: S314 - our own markup


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def burst(verdicts: str, count: int) -> Report:
    """Many uploads within seconds: far less than a pixel of a day."""
    uploads = [upload(SPEAKERS[0][0], None, MONDAY + 40_000 + n * 0.1, length=0.05) for n in range(count)]
    return replace(household(), uploads=uploads, verdicts=[verdict(verdicts, about) for about in uploads])


def test_neighbours_are_drawn_as_one() -> None:
    """A hundred uploads in ten seconds are one bar, whose title counts them."""
    root = drawn(burst("called", 100))
    assert len(of_class(root, "asked")) == 1
    assert any((title.text or "").startswith("100 uploads") for title in root.iter("title"))


def test_an_unexplained_one_is_never_merged_away() -> None:
    """One accusation among a hundred called uploads is still drawn, after them and so above them."""
    crowd = burst("called", 100)
    found = upload(SPEAKERS[0][0], None, MONDAY + 40_005)
    root = drawn(replace(crowd, verdicts=[*crowd.verdicts, verdict("unexplained_speech", found)]))
    classes = [element.get("class") for element in root.iter()]
    assert "unexplained" in classes
    assert classes.index("unexplained") > classes.index("asked")


def test_the_drawing_is_bounded_however_much_was_sent() -> None:
    """Ten thousand uploads of a day make no more marks than a lane has places for."""
    uploads = [upload(SPEAKERS[0][0], None, MONDAY + n * 8.6, length=0.1) for n in range(10_000)]
    report = replace(household(), uploads=uploads, verdicts=[verdict("called", about) for about in uploads])
    assert len(of_class(drawn(report), "asked")) <= wide(laid_out(report)).width / 2


@pytest.mark.parametrize("choose", [wide, narrow])
def test_everything_stays_inside(choose: type) -> None:
    """Nothing is drawn beyond the picture's sides."""
    report = household()
    layout = choose(laid_out(report))
    for element in drawn(report, layout).iter("rect"):
        assert float(element.get("x", 0)) >= -4
        assert float(element.get("x", 0)) + float(element.get("width", 0)) <= layout.width + 4


def test_each_lane_shows_its_gap_and_its_wake_words() -> None:
    """The bedroom's gap is hatched; rings stand for wake words, near misses are dotted."""
    report = household()
    root = drawn(
        replace(report, sounds=[*report.sounds, Wake(MONDAY + 4000, "office-mic", "alexa", 0.4, near_miss=True)])
    )
    assert [element.get("fill") for element in root.iter("rect") if element.get("fill")] == ["url(#blind-wide)"]
    assert len(of_class(root, "near-miss")) == 1
    assert len(of_class(root, "wake")) > 40


def test_a_hostile_name_is_text() -> None:
    """A speaker's name never becomes markup, nor breaks out of its place."""
    evil = "</text><script>alert(1)</script>" + "x" * 300
    root = drawn(replace(household(), placements=[Placement(SPEAKERS[0][0], None, evil)]))
    assert not list(root.iter("script"))
    assert max(len(element.text or "") for element in of_class(root, "name")) < 40


def test_several_days_have_their_dates() -> None:
    """Each day's lanes stand under its date."""
    names = [element.text for element in of_class(drawn(household(2)), "date")]
    assert {"Monday 23 November 2026", "Tuesday 24 November 2026"} == set(names)


def test_marks_lead_where_they_are_told_to() -> None:
    """A mark with an address is a link, one without is none."""
    report = household()
    timeline = laid_out(report)
    linked = draw(timeline, wide(timeline), report.zone, lambda mark: "#v1" if mark.kind is Kind.CALL else None)
    assert linked.body.count('<a href="#v1">') == 1
    assert "<a " not in draw(timeline, wide(timeline), report.zone).body


def test_a_mark_is_told_in_words() -> None:
    """The tooltip of a mark says when, how much and what."""
    found = verdict("unexplained_speech", upload(SPEAKERS[1][0], None, MONDAY + 50_544, 181_000))
    said = mark_in_words(Mark(MONDAY + 50_544, MONDAY + 50_547, Kind.UNEXPLAINED, (found,)), household().zone)
    assert said == "14:02:24, 181\N{NO-BREAK SPACE}kB: people talked, nobody said its name"
