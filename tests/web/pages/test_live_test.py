# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.ledger.rows import UPLOAD, VERDICT, WAKE
from web.house import House


def test_only_what_comes_after_the_page_was_opened_counts(owner: FlaskClient, house: House) -> None:
    """What happened before is not the test; what comes is ticked off, each by itself, and leads to its evidence."""
    begun = owner.get("/setup/test").headers["Location"]
    assert owner.get(begun).text.count("Waiting for it") == 3
    with house.reader() as reader:
        last = reader.last(WAKE), reader.last(UPLOAD), reader.last(VERDICT)
    page = owner.get(f"/setup/test?from={last[0] - 1}-{last[1]}-{last[2]}").text
    assert page.count("Waiting for it") == 2
    whole = owner.get("/setup/test?from=0-0-0").text
    assert "It works." in whole
    assert 'href="/uploads/' in whole


@pytest.mark.parametrize("mark", ["x", "1-2", "1-2-3-4", "-1--2-3", "9" * 40, "1-2-³"])
def test_a_mark_that_is_none_begins_anew(owner: FlaskClient, mark: str) -> None:
    """Whatever stands in the address, the page begins with now."""
    assert owner.get("/setup/test", query_string={"from": mark}).status_code == 303
