# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask


def test_pages_are_served(app: Flask) -> None:
    """The application answers at its root with a page."""
    answer = app.test_client().get("/")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
