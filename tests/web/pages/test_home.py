# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask


def test_home_has_a_heading(app: Flask) -> None:
    """Home says whose page it is."""
    assert "Earwitness" in app.test_client().get("/").get_data(as_text=True)
