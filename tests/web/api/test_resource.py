# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web.api.resource import LAST, at


@pytest.mark.parametrize("place", ["/api/v1/devices", "/api/v1/uploads?limit=3", "/api/v1/openapi.json", "/api/v1/"])
def test_what_did_not_change_is_not_sent_again(reading: FlaskClient, place: str) -> None:
    """Whoever has it already, by its ETag, gets 304 and nothing else; no browser keeps it on a disk."""
    first = reading.get(place)
    again = reading.get(place, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "no-store"
    assert reading.get(place, headers={"If-None-Match": '"other"'}).data == first.data


def test_what_changed_is_sent(control: FlaskClient) -> None:
    """A change is seen by its ETag."""
    before = control.get("/api/v1/rooms").headers["ETag"]
    control.post("/api/v1/rooms", json={"name": "attic"})
    after = control.get("/api/v1/rooms", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert {"name": "attic"} in after.get_json()["items"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name":"attic"}', "text/plain", 415),
        (b"", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b'"{}"', "application/json", 422),
        (b"null", "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name":"' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
def test_bodies_that_are_none(control: FlaskClient, body: bytes, kind: str, status: int) -> None:
    """A body that is no JSON object is refused for what it is, by a problem, and nothing is changed."""
    refused = control.post("/api/v1/rooms", data=body, content_type=kind)
    assert refused.status_code == status
    assert refused.content_type == "application/problem+json"
    assert refused.get_json()["status"] == status
    assert control.get("/api/v1/rooms").get_json()["items"] == []


@given(st.floats(allow_nan=False))
def test_every_time_has_a_date(time: float) -> None:
    """Whatever the seconds, there is a date in UTC; what no calendar has is its first or its last day."""
    assert at(time).utcoffset() is not None
    if 0 <= time <= LAST:
        assert abs(at(time).timestamp() - time) < 1e-3
