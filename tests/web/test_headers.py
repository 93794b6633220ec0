# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/", "/login", "/nowhere", "/static/css/app.css", "/static/nowhere.css"])
def test_every_answer_is_protected(owner: FlaskClient, visitor: FlaskClient, address: str) -> None:
    """Whatever is answered to whomever: no inline code, no foreign frame, no guessing of types, no sharing."""
    for browser in (owner, visitor):
        with browser.get(address) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers, "the way back to plain HTTP must stay open"


def test_private_pages_are_kept_in_no_cache(owner: FlaskClient) -> None:
    """A page of the house is not found in the browser by whoever uses it next."""
    assert owner.get("/").headers["Cache-Control"] == "no-store"
