# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from flask.testing import FlaskClient

from appliance.household import Level, Secrets
from appliance.limits import WEB_PUSH_BROWSERS
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


def test_viewers_have_their_own_browsers_told(viewer: FlaskClient, owner: FlaskClient, house: House) -> None:
    """Their phone is a channel of theirs, which they take back by what only it knows; owners see whose it is."""
    assert "data-push" in viewer.get("/alerts").text
    answer = viewer.post("/alerts/push", data=SAID, headers=PHONE)
    assert (answer.status_code, answer.location) == (303, "/alerts")
    (channel,) = house.household.choices.channels
    assert (channel.id, channel.level) == (ID, Level.NORMAL)
    assert f"of {channel.person}" in owner.get("/alerts").text
    assert viewer.post(f"/alerts/channels/{ID}/remove").status_code == 403
    owner.post(f"/alerts/channels/{ID}", data={"name": "Phone", "level": "short", "on": "on"})
    assert house.household.choices.channels[0].person == channel.person
    viewer.post("/alerts/push/stop", data={"endpoint": "https://fcm.googleapis.com/another"})
    assert len(house.household.choices.channels) == 1
    viewer.post("/alerts/push/stop", data={"endpoint": ENDPOINT})
    assert [*house.household.choices.channels] == []
    assert Secrets(house.settings.paths.secrets).of(ID) == {}


def test_nobody_fills_the_house_with_browsers(viewer: FlaskClient, house: House) -> None:
    """So many a person, and no more."""
    for number in range(WEB_PUSH_BROWSERS + 2):
        viewer.post("/alerts/push", data={**SAID, "endpoint": f"{ENDPOINT}{number}"})
    assert len(house.household.choices.channels) == WEB_PUSH_BROWSERS
    assert "so many of your browsers" in viewer.get("/alerts").text
    viewer.post("/alerts/push", data={**SAID, "endpoint": f"{ENDPOINT}0"})
    assert "This browser is told from now on" in viewer.get("/alerts").text


def test_who_leaves_the_house_is_told_no_more(viewer: FlaskClient, owner: FlaskClient, house: House) -> None:
    """With a user their browsers go; others stay."""
    viewer.post("/alerts/push", data=SAID)
    owner.post("/alerts/push", data={**SAID, "endpoint": f"{ENDPOINT}2"})
    person = next(each.person for each in house.household.choices.channels if each.id == ID)
    owner.post("/users/remove", data={"name": person})
    assert [each.id for each in house.household.choices.channels] == [channel_id(f"{ENDPOINT}2")]
    assert Secrets(house.settings.paths.secrets).of(ID) == {}


RENEWED = {"old_endpoint": ENDPOINT, "old_auth": AUTH, **SAID, "endpoint": f"{ENDPOINT}-new"}


def test_a_browser_that_got_another_address_renews_it(owner: FlaskClient, visitor: FlaskClient, house: House) -> None:
    """By its worker, which is not logged in, and shows that it is the same; what was chosen of the channel stays."""
    owner.post("/alerts/push", data=SAID, headers=PHONE)
    owner.post(f"/alerts/channels/{ID}", data={"name": "Ada", "level": "full", "on": "on"})
    before, secrets = house.household.choices.channels[0], Secrets(house.settings.paths.secrets)
    assert visitor.post("/alerts/push/renew", data=RENEWED).status_code == 204
    (channel,) = house.household.choices.channels
    assert channel == before.model_copy(update={"id": channel_id(RENEWED["endpoint"])})
    assert secrets.of(ID) == {}
    assert secrets.of(channel.id)["endpoint"] == RENEWED["endpoint"]
    assert secrets.of(channel.id)["page"] == "http://localhost/"
    sender("webpush", secrets.of(channel.id))
    again = {**RENEWED, "old_endpoint": RENEWED["endpoint"], "old_auth": AUTH, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
    assert visitor.post("/alerts/push/renew", data=again).status_code == 204
    assert secrets.of(channel.id)["auth"] == again["auth"]
    assert len(house.household.choices.channels) == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"old_auth": "AAAAAAAAAAAAAAAAAAAAAA"}, 403),
        ({"old_auth": ""}, 403),
        ({"old_auth": "ü"}, 403),
        ({"old_endpoint": f"{ENDPOINT}-other"}, 403),
        ({"endpoint": "https://192.168.1.1/admin"}, 400),
        ({"p256dh": "AAAA"}, 400),
    ],
)
def test_nobody_else_renews_it(
    owner: FlaskClient, visitor: FlaskClient, house: House, wrong: dict[str, str], status: int
) -> None:
    """Who does not know what the browser shares with us gets nothing; neither does who leads elsewhere."""
    owner.post("/alerts/push", data=SAID)
    assert visitor.post("/alerts/push/renew", data={**RENEWED, **wrong}).status_code == status
    assert [each.id for each in house.household.choices.channels] == [ID]
    assert Secrets(house.settings.paths.secrets).of(ID)["endpoint"] == ENDPOINT


def test_the_owner_says_whom_relays_may_write_to(owner: FlaskClient, house: House) -> None:
    """An address, or nobody; what is no address is told at its field."""
    owner.post("/alerts/push", data=SAID)
    assert owner.post("/alerts/contact", data={"contact": "ada@example.org"}).status_code == 303
    assert house.household.choices.home.contact == "ada@example.org"
    assert 'value="ada@example.org"' in owner.get("/alerts").text
    refused = owner.post("/alerts/contact", data={"contact": "<ada>"})
    assert refused.status_code == 400
    assert 'id="contact-error"' in refused.text
    owner.post("/alerts/contact", data={"contact": ""})
    assert house.household.choices.home.contact == ""


def test_the_worker_lies_at_the_top(visitor: FlaskClient) -> None:
    """Where it may work for every page; whoever looks for a newer one gets it, logged in or not."""
    answer = visitor.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "showNotification" in answer.text
