# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from flask.testing import FlaskClient

from appliance.household import Level, Secrets
from appliance.notify.channels import sender
from appliance.notify.channels.webpush import channel_id, own_key, public
from tests.notify.channels.test_webpush import AUTH, P256DH
from web.house import House

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
SAID = {"endpoint": ENDPOINT, "p256dh": P256DH, "auth": AUTH}
ID = channel_id(ENDPOINT)
PHONE = {"User-Agent": "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"}


def test_a_browser_asks_and_is_a_channel(owner: FlaskClient, house: House) -> None:
    """What it said lies with the secrets, with the key under which it asked and where it has its pages."""
    key = re.search(r'data-key="([\w-]+)" data-known=""', owner.get("/alerts").text)
    answer = owner.post("/alerts/push", data=SAID, headers=PHONE)
    assert (answer.status_code, answer.location) == (303, f"/alerts/channels/{ID}")
    (channel,) = house.household.choices.channels
    assert (channel.id, channel.kind, channel.name) == (ID, "webpush", "Firefox, Android")
    kept = Secrets(house.settings.paths.secrets)
    assert kept.of(ID) == {**SAID, "key": own_key(kept), "page": "http://localhost/"}
    assert key is not None
    assert key[1] == public(own_key(kept))
    sender("webpush", kept.of(ID))
    pages = owner.get("/alerts").text + owner.get(f"/alerts/channels/{ID}").text
    assert f'data-known="{ID}"' in pages
    assert not any(secret in pages for secret in (ENDPOINT, AUTH, own_key(kept)))


def test_who_asks_again_keeps_the_channel(owner: FlaskClient, house: House) -> None:
    """Its name and what it tells stay as they were chosen; its newest keys count."""
    owner.post("/alerts/push", data=SAID)
    assert owner.post(f"/alerts/channels/{ID}", data={"name": "Ada", "level": "full", "on": "on"}).status_code == 303
    owner.post("/alerts/push", data={**SAID, "auth": "AAAAAAAAAAAAAAAAAAAAAA"})
    (channel,) = house.household.choices.channels
    assert (channel.name, channel.level) == ("Ada", Level.FULL)
    assert Secrets(house.settings.paths.secrets).of(ID)["auth"] == "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://192.168.1.1/admin"},
        {"endpoint": "http://updates.push.services.mozilla.com/wpush/v2/gAAAA"},
        {"endpoint": f"{ENDPOINT}{'A' * 9999}"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"auth": "ü"},
    ],
)
def test_nothing_is_sent_where_no_relay_is(owner: FlaskClient, house: House, wrong: dict[str, str]) -> None:
    """An address that is no relay's, in the home above all, and keys that are none, are refused."""
    owner.post("/alerts/push", data={**SAID, **wrong})
    assert "This cannot be kept" in owner.get("/alerts").text
    assert house.household.choices.channels == ()
    assert Secrets(house.settings.paths.secrets).of(channel_id(wrong.get("endpoint", ENDPOINT))) == {}


def test_nobody_writes_one_down(owner: FlaskClient, house: House) -> None:
    """There is no form for it: what a browser has to say, people cannot."""
    assert "/alerts/new/webpush" not in owner.get("/alerts").text
    assert owner.get("/alerts/new/webpush").status_code == 404
    answer = owner.post("/alerts/channels/webpush-1", data={"kind": "webpush", "name": "X", **SAID, "level": "short"})
    assert answer.status_code == 400
    assert house.household.choices.channels == ()


def test_owners_ask(viewer: FlaskClient) -> None:
    """Viewers are offered nothing, and get nothing."""
    assert "data-push" not in viewer.get("/alerts").text
    assert viewer.post("/alerts/push", data=SAID).status_code == 403


def test_the_worker_lies_at_the_top(visitor: FlaskClient) -> None:
    """Where it may work for every page; whoever looks for a newer one gets it, logged in or not."""
    answer = visitor.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "showNotification" in answer.text
