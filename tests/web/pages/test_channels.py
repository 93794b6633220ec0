# SPDX-License-Identifier: GPL-2.0-or-later
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask.testing import FlaskClient

from appliance.household import Level, Quiet, Secrets
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from web.house import House

TOPIC = "earwitness-very-secret"


class Server(ThreadingHTTPServer):
    """Speaks ntfy's protocol: takes what is published, or refuses."""

    status = 200
    took: list[bytes]

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        """Take a message."""
        assert isinstance(self.server, Server)
        self.server.took.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of one's own."""
    with Server(("127.0.0.1", 0), Answer) as found:
        found.took = []
        thread = Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def house(house: House) -> House:
    """A house that sends alerts."""
    premises = Premises(house.settings.paths, house.rules.alerts, house.registry, house.household)
    return replace(house, office=Office(premises, None))


def added(owner: FlaskClient, server: Server) -> str:
    """Add a channel as a browser does; return its address."""
    page = owner.get("/alerts/new/ntfy").text
    action = re.search(r'action="(/alerts/channels/ntfy-[0-9a-f]+)"', page)
    assert action
    said = {"kind": "ntfy", "name": "Anna's phone", "topic": TOPIC, "server": server.url, "level": "normal", "on": "on"}
    assert owner.post(action[1], data=said).status_code == 303
    return action[1]


def test_a_channel_is_kept_and_its_secrets_are_not_shown(owner: FlaskClient, house: House, server: Server) -> None:
    """What opens it lies in a file of its own, and no page tells it; what does not is shown."""
    address = added(owner, server)
    (channel,) = house.household.choices.channels
    assert (channel.name, channel.kind, channel.level, channel.on) == ("Anna's phone", "ntfy", Level.NORMAL, True)
    assert Secrets(house.settings.paths.secrets).of(channel.id)["topic"] == TOPIC
    assert TOPIC not in house.settings.paths.household.read_text()
    pages = [owner.get(each).text for each in (address, "/alerts", "/settings")]
    assert not any(TOPIC in page for page in pages)
    assert server.url in pages[0]


def test_an_empty_secret_stays_as_it_was(owner: FlaskClient, house: House, server: Server) -> None:
    """A new name does not need the topic again; without a box the channel is off."""
    address = added(owner, server)
    owner.post(address, data={"kind": "ntfy", "name": "Phone", "topic": "", "server": server.url, "level": "full"})
    (channel,) = house.household.choices.channels
    assert (channel.name, channel.level, channel.on) == ("Phone", Level.FULL, False)
    assert Secrets(house.settings.paths.secrets).of(channel.id)["topic"] == TOPIC


def test_a_channel_may_have_quiet_hours_of_its_own(owner: FlaskClient, house: House, server: Server) -> None:
    """As the house, never, or its own; hours that are none are refused."""
    address = added(owner, server)
    said = {"kind": "ntfy", "name": "Phone", "server": server.url, "level": "full", "begin": "20:00", "end": "09:00"}
    quiet = {}
    for hours in ("own", "never", "house"):
        assert owner.post(address, data={**said, "hours": hours}).status_code == 303
        quiet[hours] = house.household.choices.channels[0].quiet
    assert quiet == {
        "own": Quiet(on=True, begin=time(20), end=time(9), urgent_passes=False),
        "never": Quiet(on=False),
        "house": None,
    }
    assert owner.post(address, data={**said, "hours": "own", "begin": "late"}).status_code == 400


def test_the_button_tells_what_became_of_it(owner: FlaskClient, server: Server) -> None:
    """A message that arrived is one; one that was refused says by whom, and with what."""
    address = added(owner, server)
    owner.post(f"{address}/test")
    assert len(server.took) == 1
    assert TOPIC.encode() in server.took[0]
    server.status = 403
    owner.post(f"{address}/test")
    page = owner.get(address).text
    assert "403" in page
    assert 'class="message error"' in page


def test_a_channel_that_lacks_something_is_not_kept(owner: FlaskClient, house: House) -> None:
    """It is said what is missing; what was typed is still there."""
    said = {"kind": "mail", "name": "Post", "server": "smtp.example", "level": "short"}
    answer = owner.post("/alerts/channels/mail-1", data=said)
    assert answer.status_code == 400
    assert "E-mail needs" in answer.text
    assert "smtp.example" in answer.text
    assert house.household.choices.channels == ()
    assert owner.post("/alerts/channels/x-1", data={"kind": "pigeon"}).status_code == 404


def test_a_channel_goes_with_its_secrets(owner: FlaskClient, house: House, server: Server) -> None:
    """Nothing of it is left."""
    address = added(owner, server)
    (channel,) = house.household.choices.channels
    owner.post(f"{address}/remove")
    assert house.household.choices.channels == ()
    assert Secrets(house.settings.paths.secrets).of(channel.id) == {}
    assert owner.get(address).status_code == 404


def test_channels_are_the_owners(viewer: FlaskClient, owner: FlaskClient, server: Server) -> None:
    """Viewers see that there is one, no more."""
    address = added(owner, server)
    assert "Anna&#39;s phone" in viewer.get("/alerts").text
    assert viewer.get(address).status_code == 403
    assert viewer.post(f"{address}/test").status_code == 403
