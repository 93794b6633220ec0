# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.strip import LABEL, MARKS, strips
from appliance.report.timeline import lay_out
from appliance.report.words import Kind
from tests.report.household import MONDAY, SPEAKERS, household, upload, verdict


def lines(report: Report, width: int = 100) -> list[str]:
    window = lay_out(report, Names(report)).windows[0]
    return [line.plain for line in strips(window, width, report.zone)]


def test_a_line_for_each_lane_and_one_for_the_clock() -> None:
    """Names on the left, all lines of one width, the clock below."""
    shown = lines(household())
    assert [line[:LABEL].strip() for line in shown] == [*(s[5] or "Hall Echo Dot" for s in SPEAKERS), ""]
    assert {len(line) for line in shown} == {100}
    assert shown[-1].split() == ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]


def test_an_unexplained_one_is_never_covered() -> None:
    """Where uploads share a character, the one that nobody asked for is what is shown."""
    uploads = [upload(SPEAKERS[0][0], None, MONDAY + 40_000 + n) for n in range(20)]
    verdicts = [verdict("unexplained_speech" if n == 7 else "called", about) for n, about in enumerate(uploads)]
    shown = lines(replace(household(), uploads=uploads, verdicts=verdicts))[0]
    assert MARKS[Kind.UNEXPLAINED][0] in shown
    assert MARKS[Kind.ASKED][0] not in shown


def test_kinds_have_characters_of_their_own() -> None:
    """Without colours the kinds can still be told apart."""
    assert len({character for character, _ in MARKS.values()}) == len(Kind)
