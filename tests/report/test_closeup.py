# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Coverage, Sound, Speech, Wake
from appliance.report.closeup import close_up
from appliance.report.model import Captured, Report
from appliance.report.names import Names
from appliance.report.timeline import lay_out
from appliance.report.words import Kind
from tests.report.household import MONDAY, SPEAKERS, upload

SENT = upload(SPEAKERS[0][0], None, MONDAY + 100, 181_000, 11.2)
REPORT = Report(
    [Captured("a", MONDAY, MONDAY + 300, 1, 1)], uploads=[SENT], coverages=[Coverage(MONDAY, MONDAY + 300, "mic")]
)


def drawn(report: Report) -> str:
    lane = lay_out(report, Names(report)).windows[0].lanes[0]
    return close_up(SENT, lane, Kind.UNEXPLAINED, report.zone)


def test_silence_is_said() -> None:
    """Where an ear listened and heard nothing the picture says silence."""
    assert "Heard: silence. Sent: 181" in drawn(REPORT)


def test_a_gap_is_not_silence() -> None:
    """Where no ear listened the picture never says silence in its place."""
    deaf = drawn(replace(REPORT, coverages=[Coverage(MONDAY, MONDAY + 10, "mic")]))
    assert "no ear was listening" in deaf
    assert "silence</text>" not in deaf
    assert "Heard: silence" not in deaf


def test_what_was_heard_is_drawn() -> None:
    """Speech is a block, a wake word a ring with the word."""
    heard: list[Sound] = [Speech(MONDAY + 95, MONDAY + 108, "mic"), Wake(MONDAY + 98, "mic", "hey siri", 0.9)]
    picture = drawn(replace(REPORT, sounds=heard))
    assert 'class="speech"' in picture
    assert "“hey siri”" in picture


def test_a_long_upload_stays_inside() -> None:
    """The window grows with the upload."""
    picture = close_up(
        replace(SENT, ended_at=MONDAY + 1000), lay_out(REPORT, Names(REPORT)).windows[0].lanes[0], Kind.CALL, None
    )
    assert "15\N{NO-BREAK SPACE}min" in picture
