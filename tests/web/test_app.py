# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient


def test_pages_are_served(owner: FlaskClient) -> None:
    """The application answers at its root with a page."""
    answer = owner.get("/")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
