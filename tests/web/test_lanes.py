# SPDX-License-Identifier: GPL-2.0-or-later
from typing import cast

from flask import Flask

from appliance.diary.day import days, tell
from appliance.report.cards import card
from appliance.report.names import Names
from appliance.report.timeline import lay_out
from web.house import House
from web.lanes import picture, shares, words


def test_the_picture_has_a_link_for_each_mark_and_words_for_each_verdict(app: Flask, house: House) -> None:
    """Without a script all is drawn; with one, every verdict has its words."""
    with house.reader() as reader, app.test_request_context():
        span = days(reader)
        assert span
        told = tell(reader, house.registry.inventory, *span)
        timeline = lay_out(told.report, Names(told.report))
        drawn = picture(told, timeline, timeline.windows[0])
        said = words(Names(told.report), (lane.device for lane in timeline.windows[0].lanes), drawn)
    assert {entry.verdict.verdict for entry in told.entries} <= set(cast("dict[str, str]", said["verdicts"]))
    assert cast("dict[str, str]", said["names"]).keys() == {lane.device for lane in timeline.windows[0].lanes}
    assert f'href="/uploads/{told.entries[-1].id}"' in drawn.drawing


def test_a_bar_is_divided_as_the_uploads_are(house: House) -> None:
    """The parts of the bar are as many as there are kinds, and no text of the network is in it."""
    with house.reader() as reader:
        span = days(reader)
        assert span
        report = tell(reader, house.registry.inventory, *span).report
    for device in {upload.flow.device for upload in report.uploads}:
        shown = card(report, Names(report), device)
        assert shares(shown).count("<rect") == len(shown.shares)
