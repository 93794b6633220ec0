# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient


def test_home_has_a_heading(owner: FlaskClient) -> None:
    """Home says whose page it is."""
    assert "Earwitness" in owner.get("/").get_data(as_text=True)
