# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import limits
from appliance.events import Coverage, Ear, Placement, Sound, Speech, Wake
from appliance.report.model import Captured, Report
from appliance.report.names import Names
from appliance.report.spans import Span
from appliance.report.timeline import Lane, Mark, Timeline, ears_of, hears, lay_out, neighbours_merged
from appliance.report.words import Kind
from tests.report.household import DAY, MONDAY, SPEAKERS, household, upload, verdict

MAC = SPEAKERS[0][0]


def timeline(report: Report) -> Timeline:
    return lay_out(report, Names(report))


def lane(report: Report, device: str) -> Lane:
    return next(lane for lane in timeline(report).windows[0].lanes if lane.device == device)


def hour(start: float = MONDAY, end: float = MONDAY + 3600) -> Report:
    return Report(
        [Captured("a", start, end, 10, 1000)], placements=[Placement(MAC, "kitchen", "Echo", ("alexa",))], zone=UTC
    )


def test_a_short_capture_is_one_window() -> None:
    """What lasted an hour is shown from its start to its end."""
    assert [(window.span, window.whole_day) for window in timeline(hour()).windows] == [
        ((MONDAY, MONDAY + 3600), False)
    ]


def test_a_long_capture_is_shown_by_days() -> None:
    """Days run from midnight to midnight."""
    windows = timeline(household(3)).windows
    assert [window.span for window in windows] == [Span(MONDAY + n * DAY, MONDAY + (n + 1) * DAY) for n in range(3)]


def test_a_day_of_daylight_saving_has_25_hours() -> None:
    """Where the clock was put back the day is longer, and the next one begins at its own midnight."""
    start = 1_792_882_800.0  # 2026-10-25 00:00 in Berlin
    report = replace(hour(start, start + 2 * DAY), zone=ZoneInfo("Europe/Berlin"))
    assert [window.span.end - window.span.start for window in timeline(report).windows] == [25 * 3600, DAY]


def test_days_without_a_capture_are_not_shown() -> None:
    """Captures of different years do not make a thousand empty days."""
    captures = [
        Captured("a", MONDAY, MONDAY + 60, 1, 1),
        Captured("b", MONDAY + 700 * DAY, MONDAY + 700 * DAY + 60, 1, 1),
    ]
    assert len(timeline(Report(captures, zone=UTC)).windows) == 2


def test_too_many_days_are_counted() -> None:
    """The latest days are shown and the others counted."""
    shown = timeline(hour(MONDAY, MONDAY + (limits.DAYS_SHOWN + 4) * DAY))
    assert (len(shown.windows), shown.days_left_out) == (limits.DAYS_SHOWN, 4)


def test_too_many_lanes_are_counted() -> None:
    """Each device that sent has a lane, up to the bound; the others are counted."""
    uploads = [upload(f"02:00:00:00:01:{n:02x}", None, MONDAY) for n in range(limits.LANES_SHOWN + 3)]
    shown = timeline(replace(hour(), uploads=uploads, placements=[]))
    assert (len(shown.windows[0].lanes), shown.lanes_left_out) == (limits.LANES_SHOWN, 3)


def test_a_lane_shows_what_its_own_room_heard() -> None:
    """Speech and wake words count where they were heard, and only the words that the speaker listens to."""
    sounds: list[Sound] = [
        Wake(MONDAY + 1, "k", "alexa", 0.9),
        Wake(MONDAY + 2, "k", "hey siri", 0.9),
        Wake(MONDAY + 3, "b", "alexa", 0.9),
        Speech(MONDAY + 4, MONDAY + 5, "b"),
        Speech(MONDAY + 6, MONDAY + 7, "k"),
    ]
    shown = lane(replace(hour(), sounds=sounds, ears=[Ear("k", "kitchen"), Ear("b", "bedroom")]), MAC)
    assert [wake.time for wake in shown.wakes] == [MONDAY + 1]
    assert list(shown.speech) == [Span(MONDAY + 6, MONDAY + 7)]


def test_a_lane_is_blind_where_no_ear_listened() -> None:
    """Coverage by parts leaves no gap at its seams, and a real gap shows."""
    parts = [(0, 300), (300.2, 600), (1200, 3600)]
    coverages = [Coverage(MONDAY + start, MONDAY + end, "k") for start, end in parts]
    shown = lane(replace(hour(), coverages=coverages, ears=[Ear("k", "kitchen")]), MAC)
    assert list(shown.blind) == [Span(MONDAY + 600, MONDAY + 1200)]


def test_without_sounds_nothing_is_hatched() -> None:
    """Where nobody was asked to listen, no gap is drawn: the report says it in words."""
    assert list(lane(replace(hour(), listened=False), MAC).blind) == []


@pytest.mark.parametrize(
    ("ear", "room", "heard"),
    [("kitchen", "kitchen", True), (None, "kitchen", True), ("kitchen", None, True), ("bedroom", "kitchen", False)],
)
def test_who_hears_whom(ear: str | None, room: str | None, heard: bool) -> None:  # noqa: FBT001
    """An ear hears its own room; without a room it hears the home, and a speaker without one is heard everywhere."""
    assert hears(Ear("e", ear), Placement(MAC, room)) is heard


def test_an_ear_that_nobody_described_hears_the_home() -> None:
    """Sounds of an ear without a description count everywhere; the capture is no ear."""
    report = replace(
        hour(), sounds=[Speech(1, 2, "found")], coverages=[Coverage(1, 2, "capture"), Coverage(1, 2, "other")]
    )
    assert ears_of(report, Placement(MAC, "kitchen")) == {"found", "other"}


def test_rotated_captures_are_one() -> None:
    """Files that follow each other within moments leave no gap; a pause does."""
    captures = [Captured(str(n), MONDAY + n * 60 + (30 if n == 2 else 0), MONDAY + n * 60 + 59, 1, 1) for n in range(3)]
    watched = timeline(Report(captures, zone=UTC)).windows[0].watched
    assert list(watched) == [Span(MONDAY, MONDAY + 119), Span(MONDAY + 150, MONDAY + 179)]


kinds = st.sampled_from(["called", "unexplained_speech", "unexplained_silence", "false_wake", "unheard"])


@given(st.lists(st.tuples(st.integers(0, 500), kinds), max_size=40), st.floats(0.1, 100))
def test_merging_never_loses_nor_hides_a_verdict(found: list[tuple[int, str]], within: float) -> None:
    """Merged marks hold every verdict exactly once, and what nobody asked for stays what nobody asked for."""
    marks = []
    for start, name in found:
        about = verdict(name, upload(MAC, None, float(start)))
        kind = {"called": Kind.ASKED, "false_wake": Kind.NOTICE, "unheard": Kind.UNHEARD}.get(name, Kind.UNEXPLAINED)
        marks.append(Mark(float(start), start + 3.0, kind, (about,)))
    merged = neighbours_merged(marks, within)
    for kind in Kind:
        before = sorted(v.time for mark in marks if mark.kind is kind for v in mark.verdicts)
        assert sorted(v.time for mark in merged if mark.kind is kind for v in mark.verdicts) == before
    assert all(any(m.kind is mark.kind and m.start <= mark.start <= m.end for m in merged) for mark in marks)
