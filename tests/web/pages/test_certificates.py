# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from cryptography import x509
from flask.testing import FlaskClient

from appliance.settings import Https, WebSettings
from web.app import create_app
from web.house import House


def asking(house: House, https: Https, **more: int) -> FlaskClient:
    web = WebSettings(https=https, **more)  # type: ignore[arg-type]  # ports are numbers
    return create_app(replace(house, settings=house.settings.model_copy(update={"web": web}))).test_client()


def test_everybody_may_have_the_file(house: House) -> None:
    """Without logging in: the authority's certificate alone, and its fingerprint as systems show it."""
    browser = asking(house, Https.OFFERED)
    page = browser.get("/certificates").text
    answer = browser.get("/certificates/home-ca.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    assert b"PRIVATE" not in answer.data
    certificate = x509.load_pem_x509_certificate(answer.data)
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - only here

    digits = certificate.fingerprint(SHA256()).hex().upper()
    assert ":".join(digits[at : at + 2] for at in range(0, 64, 2)) in page
    assert all(system in page for system in ("Android", "iPhone", "Windows", "macOS", "Linux", "Firefox"))
    assert 'href="https://localhost/"' in page


def test_without_https_there_is_no_file(house: House) -> None:
    """The page says so."""
    browser = asking(house, Https.OFF)
    assert "not served over HTTPS" in browser.get("/certificates").text
    assert browser.get("/certificates/home-ca.crt").status_code == 404
    house.settings.paths.certificates.write_text("in the way")
    assert "not served over HTTPS" in asking(house, Https.OFFERED).get("/certificates").text


def test_where_the_encrypted_way_is_required_all_else_leads_there(house: House) -> None:
    """Pages are led on, changes and programs refused; only the file, its page and their looks stay in the open."""
    browser = asking(house, Https.REQUIRED, https_port=8443)
    assert browser.get("/uploads?day=1").headers["Location"] == "https://localhost:8443/uploads?day=1"
    assert browser.get("/", base_url="http://[fd00::1]").headers["Location"] == "https://[fd00::1]:8443/"
    assert browser.get("/login").status_code == 302
    assert browser.post("/login", data={"name": "Ada"}).status_code == 403
    assert browser.get("/api/v1/status").status_code == 403
    assert browser.get("/certificates").status_code == 200
    with browser.get("/static/css/app.css") as answer:
        assert answer.status_code == 200
    assert browser.get("/login", base_url="https://localhost:8443").status_code == 200
