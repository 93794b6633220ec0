# SPDX-License-Identifier: GPL-2.0-or-later
import gzip

import pytest
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize(
    "address", ["/", "/uploads", "/static/css/app.css", "/static/js/lanes.js", "/static/icons.svg"]
)
def test_what_is_packed_is_the_same(owner: FlaskClient, address: str) -> None:
    """A browser that takes gzip gets it, and unpacked it is what others get; caches are told that there are two."""
    with owner.get(address) as plain, owner.get(address, headers=GZIP) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert len(packed.data) < len(plain.data) / 2
        if address.startswith("/static/"):
            assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("address", ["/static/fonts/figtree.woff2", "/static/icons/icon-192.png"])
def test_what_is_packed_already_stays_as_it_is(owner: FlaskClient, address: str) -> None:
    """Fonts and pictures gain nothing."""
    with owner.get(address, headers=GZIP) as answer:
        assert "Content-Encoding" not in answer.headers


def test_what_a_browser_has_is_not_sent_again(owner: FlaskClient) -> None:
    """The tag of a packed file is good for asking whether it changed."""
    with owner.get("/static/css/app.css", headers=GZIP) as first:
        tag = first.headers["ETag"]
    with owner.get("/static/css/app.css", headers={**GZIP, "If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_a_stream_is_not_packed(owner: FlaskClient) -> None:
    """Events must not wait until there are enough of them."""
    with owner.get("/api/v1/events", headers=GZIP) as answer:
        assert answer.mimetype == "text/event-stream"
        assert "Content-Encoding" not in answer.headers
