# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from appliance.ledger.rows import VERDICT
from web.house import House


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_each_verdict_comes_once(reading: FlaskClient, house: House, limit: int) -> None:
    """Asked again and again for what came since, each comes once and in order, revisions too; then nothing more."""
    items, since, more = [], 0, True
    while more:
        told = reading.get(f"/api/v1/verdicts?since={since}&limit={limit}").get_json()
        items += told["items"]
        since, more = told["next"], told["more"]
    with house.reader() as reader:
        rows = reader.facts(VERDICT)
        ids = {each.id for each in entries(reader)}
    assert [(each["id"], each["final"], each["verdict"]["verdict"]) for each in items] == [
        (id_, fact.final, fact.verdict) for id_, fact in rows
    ]
    assert {each["entry"] for each in items} == ids
    assert reading.get(f"/api/v1/verdicts?since={since}").get_json() == {"items": [], "next": since, "more": False}
