# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from web.hosts import host_of, is_ours, own_names

NAMES = own_names("Pi.fritz.box", ["witness.example.org"])


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "localhost:8080",
            "pi",
            "PI.local",
            "pi.local.",
            "pi.lan:443",
            "pi.fritz.box",
            "earwitness.local",
        ),
        *("earwitness.home.arpa", "hub.earwitness.internal", "witness.example.org", "127.0.0.1", "127.0.0.1:80"),
        *("192.168.178.20", "10.1.2.3:80", "172.31.0.1", "169.254.7.7", "100.64.0.9", "[::1]", "[fd00::7]:443"),
        *("[fe80::1]", "[::ffff:192.168.1.2]"),
    ],
)
def test_what_the_hub_is_called(host: str) -> None:
    """Its own names with the ends that homes have, names of its settings, and private addresses, with any port."""
    assert is_ours(host_of(host), NAMES)


@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "pi.local.evil.example", "evil.example:80", "localhost.evil.example", "local", ".local"),
        *("8.8.8.8", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "127.0.0.1.evil.example", "127.1", "0x7f000001"),
        *(
            "localhost:80x",
            "localhost@evil.example",
            "localhost evil",
            "[::1",
            "pi.local,evil.example",
            "neighbour.local",
        ),
    ],
)
def test_what_it_is_not_called(host: str) -> None:
    """Any other name, any address of the internet, and what is no name at all."""
    assert not is_ours(host_of(host), NAMES)


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    """Whatever stands in the header, it is a name or none; never is anything with strange characters ours."""
    host = host_of(header)
    assert not is_ours(host, NAMES) or set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:%") or host == ""


@pytest.mark.parametrize("address", ["/", "/login", "/setup", "/static/css/app.css", "/api/v1/status", "/nowhere"])
def test_a_foreign_name_gets_nothing(app: Flask, new_app: Flask, address: str) -> None:
    """Called by another's name, as after DNS rebinding, every address is refused before anything is looked at."""
    for each in (app, new_app):
        for method in ("GET", "POST", "OPTIONS"):
            answer = each.test_client().open(address, method=method, headers={"Host": "evil.example"})
            assert answer.status_code == 421
            assert "Set-Cookie" not in answer.headers
            assert "Location" not in answer.headers
