# SPDX-License-Identifier: GPL-2.0-or-later
from urllib.parse import quote

from flask.testing import FlaskClient


def test_rooms_come_and_go(control: FlaskClient) -> None:
    """A room can be added, twice to no effect, and dropped once."""
    name = "Ünder the stairs, 50 % #1"
    for _ in range(2):
        assert control.post("/api/v1/rooms", json={"name": name}).status_code == 200
    assert control.get("/api/v1/rooms").get_json() == {"items": [{"name": name}]}
    assert control.delete(f"/api/v1/rooms/{quote(name)}").status_code == 204
    assert control.delete(f"/api/v1/rooms/{quote(name)}").status_code == 404
    assert control.get("/api/v1/rooms").get_json() == {"items": []}


def test_readers_build_no_rooms(reading: FlaskClient) -> None:
    """A program that may only read changes nothing."""
    assert reading.post("/api/v1/rooms", json={"name": "attic"}).status_code == 403
    assert reading.delete("/api/v1/rooms/attic").status_code == 403
