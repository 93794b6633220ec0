# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.ledger.rows import SPEECH, WAKE
from web.house import House


@pytest.mark.parametrize(("kind", "table", "time"), [("wakes", WAKE, "time"), ("speech", SPEECH, "started_at")])
def test_every_sound_comes_once(reading: FlaskClient, house: House, kind: str, table: object, time: str) -> None:
    """Page after page, each sound that ears heard comes once, newest first, with its moment as a date too."""
    items, until = [], "9999999999"
    while until:
        page = reading.get(f"/api/v1/sounds/{kind}?until={until}&limit=7").get_json()
        items += page["items"]
        until = page["next"] and repr(page["next"])
    with house.reader() as reader:
        assert len(items) == len(reader.facts(table))  # type: ignore[arg-type]  # of either kind
    times = [each[time] for each in items]
    assert times == sorted(times, reverse=True)
    assert all(each["at"].endswith("Z") and each["simulated"] for each in items)
