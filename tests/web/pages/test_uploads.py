# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from appliance.limits import UPLOADS_PAGE
from web.house import House


def listed(page: str) -> list[int]:
    """Return the entries that a list leads to."""
    return [int(each) for each in re.findall(r'<a class="entry" href="/uploads/(\d+)">', page)]


def test_all_uploads_are_listed_page_after_page(owner: FlaskClient, house: House) -> None:
    """Whoever goes on to what is older comes by every entry once, that first which came last."""
    seen: list[int] = []
    page = owner.get("/uploads").text
    while True:
        here = listed(page)
        assert 0 < len(here) <= UPLOADS_PAGE
        seen += here
        older = re.search(r'href="(/uploads\?before=\d+)">Older', page)
        if not older:
            break
        page = owner.get(older[1]).text
    with house.reader() as reader:
        assert seen == [each.id for each in entries(reader)]


def test_uploads_of_one_speaker_one_kind_one_day(owner: FlaskClient, house: House) -> None:
    """Each condition leaves what fulfils it."""
    with house.reader() as reader:
        every = entries(reader)
    speaker = next(each.verdict.device for each in every if each.verdict.device)
    mine = [each.id for each in every if each.verdict.device == speaker]
    assert listed(owner.get("/uploads", query_string={"speaker": speaker}).text) == mine[:UPLOADS_PAGE]
    alarms = [each.id for each in every if each.verdict.verdict.startswith("unexplained")]
    assert listed(owner.get("/uploads?kind=unexplained").text) == alarms[:UPLOADS_PAGE]
    assert "Nothing like that" in owner.get("/uploads?day=2020-01-01").text


@pytest.mark.parametrize("query", ["kind=none", "day=soon", "day=9999-12-31", "kind=%00"])
def test_conditions_that_cannot_be_are_not_there(owner: FlaskClient, query: str) -> None:
    """What is no kind and no day leads to a page that says so."""
    assert owner.get(f"/uploads?{query}").status_code == 404


@pytest.mark.parametrize("query", ["before=x", "before=-5", "speaker=%3Cimg%3E", "before=99999999999999999999"])
def test_strange_conditions_find_a_page(owner: FlaskClient, query: str) -> None:
    """Nothing in an address breaks the list, or becomes part of it."""
    answer = owner.get(f"/uploads?{query}")
    assert answer.status_code in {200, 404}
    assert "<img>" not in answer.text
