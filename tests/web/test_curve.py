# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.diary.entries import entries
from appliance.events import Wake
from appliance.evidence.rate import Rate
from appliance.limits import CURVE_ROWS
from appliance.report.spans import Span
from appliance.report.timeline import Lane
from web.curve import curve
from web.house import House


def test_the_table_says_what_the_curve_shows(house: House) -> None:
    """Its rows add up to the same bytes, and a wake word and speech stand in the row of their time."""
    with house.reader() as reader:
        upload = next(each.verdict.upload for each in entries(reader) if each.verdict.upload)
    start = upload.started_at
    lane = Lane("device", "name", (), [Wake(start - 1.2, "ear", "alexa", 0.87)], [Span(start - 2, start + 1)], ())
    drawn = Rate(-5.0, 0.1, tuple(range(110)), (0,) * 110)
    made = curve(upload, drawn, lane)
    assert sum(row.up for row in made.rows) == sum(drawn.up)
    assert len(made.rows) <= CURVE_ROWS
    heard = [row for row in made.rows if "“alexa”, score 0.87" in row.heard]
    assert [row.at <= -1.2 < row.at + 0.5 for row in heard] == [True]
    assert made.data["wakes"] == [[made.data["wakes"][0][0], "alexa", 0.87, False]]
    assert len(made.data["speech"]) == 1


def test_a_long_upload_has_a_short_table(house: House) -> None:
    """Two minutes of a call fit a table that one can read."""
    with house.reader() as reader:
        upload = next(each.verdict.upload for each in entries(reader) if each.verdict.upload)
    made = curve(upload, Rate(-10.0, 0.1, (100,) * 1200, (50,) * 1200), None)
    assert len(made.rows) <= CURVE_ROWS
    assert sum(row.down for row in made.rows) == 50 * 1200
