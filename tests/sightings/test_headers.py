# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import SightingKind
from tests.sightings.frames import http, shown, ssdp

SSDP = SightingKind.SSDP


def test_a_search_is_not_an_offer() -> None:
    """Who searches for a thing is not that thing, so searches are told apart."""
    assert shown(ssdp("M-SEARCH * HTTP/1.1\nST: urn:Belkin:service:basicevent:1\nMX: 3\n\n")) == {
        (SSDP, "SEARCH: urn:Belkin:service:basicevent:1")
    }


def test_an_announcement_shows_server_and_type() -> None:
    """NOTIFY and answers show what runs there."""
    text = "NOTIFY * HTTP/1.1\nServer: Linux UPnP/1.0 Sonos/62.1 (ZPS13)\nnt: upnp:rootdevice\nLOCATION: http://x\n\n"
    assert shown(ssdp(text)) == {(SSDP, "SERVER: Linux UPnP/1.0 Sonos/62.1 (ZPS13)"), (SSDP, "NT: upnp:rootdevice")}


def test_a_plain_request_shows_its_agent() -> None:
    """The user agent of an unencrypted request names model and build."""
    agent = "Dalvik/2.1.0 (Linux; U; Android 5.1.1; AEOBC Build/LVY48F)"
    assert shown(http(f"GET /HTTPConnTest.txt HTTP/1.1\nHost: x\nUser-Agent: {agent}\n\n")) == {
        (SightingKind.USER_AGENT, agent)
    }


def test_a_body_is_not_a_header() -> None:
    """What follows the empty line was written by others."""
    assert shown(http("POST / HTTP/1.1\nHost: x\n\nUser-Agent: y\n")) == set()
