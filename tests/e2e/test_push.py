# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser that is told by itself: what the page offers it, and what it shows of what its relay delivers."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request, request_started
from playwright.sync_api import Browser, Page, expect

from appliance.notify.channels.webpush import channel_id, declared
from appliance.notify.letter import Letter
from tests.e2e.browser import PATIENCE_MS, everybody_can_use, page_of
from tests.e2e.test_pages import Served
from tests.notify.channels.test_webpush import AUTH, LETTER, P256DH

#: Relays are on the internet, and Debian's browser has no key for any: this is what one would give it.
ENDPOINT = "https://fcm.googleapis.com/fcm/send/made:up"
RELAY = f"""
let asked = null;
PushManager.prototype.getSubscription = async () => asked;
PushManager.prototype.subscribe = async (wanted) => (asked = {{
  endpoint: "{ENDPOINT}",
  toJSON: () => ({{ endpoint: "{ENDPOINT}", keys: {{ p256dh: "{P256DH}", auth: "{AUTH}" }} }}),
  unsubscribe: async () => (asked = null, sessionStorage.clear(), true),
}}, sessionStorage.setItem("key", wanted.applicationServerKey), asked);
const key = sessionStorage.getItem("key");
if (key) PushManager.prototype.subscribe({{ applicationServerKey: key }});
"""
#: Seconds until a message is delivered once more: a busy browser was seen to drop one, and the same tag shows once.
ANEW_S = 5.0
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, silent, actions }) =>
    ({ title, body, tag, silent, buttons: actions.map((each) => each.title) }))"""
KEPT = """async () => (await (await caches.match("/alerts/push")).json()).endpoint"""
RENEW = """(fresh) => {
  const change = new ExtendableEvent("pushsubscriptionchange");
  change.newSubscription = { toJSON: () => fresh };
  dispatchEvent(change);
}"""
CHOOSE = """async (action) => { const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent("notificationclick", { notification, action })); }"""


@pytest.fixture
def served(lived: Path, tmp_path: Path) -> Iterator[Served]:
    """A house of one's own; on this machine browsers take it for secure."""
    with Served(lived, tmp_path / "house") as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page Alerts of an owner who lets it show messages."""
    with page_of(browser, served.base) as opened:
        opened.context.add_cookies([{"name": "earwitness", "value": served.session, "url": served.base}])
        opened.context.grant_permissions(["notifications"], origin=served.base)
        yield opened


class Delivery:
    """The developers' tools, which deliver a message as a relay would."""

    def __init__(self, page: Page, base: str) -> None:
        self._page, self._base, self._registration = page, base, ""
        self._tools = page.context.new_cdp_session(page)
        self._tools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._tools.send("ServiceWorker.enable")

    def _note(self, told: dict[str, Any]) -> None:
        for each in told["registrations"]:
            if each["scopeURL"] == f"{self._base}/":
                self._registration = each["registrationId"]

    def deliver(self, letter: Letter, count: int) -> list[dict[str, Any]]:
        """Deliver a letter, and anew if it is lost; return what is shown, once it is and there are so many."""
        message = declared(letter, f"{self._base}/").decode()
        until = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < until:
            if not self._registration:
                self.shown()  # meanwhile the tools say which registration it is
                continue
            where = {"origin": self._base, "registrationId": self._registration}
            self._tools.send("ServiceWorker.deliverPushMessage", {**where, "data": message})
            again = time.monotonic() + ANEW_S
            while time.monotonic() < again:
                shown = self.shown()
                if len(shown) == count and letter.title in {each["title"] for each in shown}:
                    return shown
        raise AssertionError(f"shown is {self.shown()}")

    def shown(self) -> list[dict[str, Any]]:
        """Return what the browser shows now."""
        return list(self._page.evaluate(SHOWN))


def test_a_browser_asks_shows_and_takes_it_back(page: Page, served: Served) -> None:
    """By one button it is a channel; what comes is shown, an update in place of the first; by another it is none."""
    page.add_init_script(RELAY)
    page.goto("/alerts")
    everybody_can_use(page)
    page.get_by_role("button", name="Tell me in this browser").click()
    page.wait_for_url(f"**/alerts/channels/{channel_id(ENDPOINT)}")
    expect(page.get_by_role("status").filter(has_text="This browser is told from now on")).to_be_visible()
    delivery = Delivery(page, served.base)
    (shown,) = delivery.deliver(LETTER, 1)
    assert shown == {
        "title": LETTER.title,
        "body": LETTER.body,
        "tag": LETTER.key,
        "silent": False,
        "buttons": ["Seen", "Mute"],
    }
    (shown,) = delivery.deliver(Letter(LETTER.key, "It sent 90 kB", "In all.", LETTER.tell, update=True), 1)
    assert (shown["title"], shown["silent"], shown["buttons"]) == ("It sent 90 kB", True, [])
    assert len(delivery.deliver(Letter("upload-413", "Another", "", LETTER.tell), 2)) == 2
    page.goto("/alerts")
    expect(page.get_by_text("It shows alerts.")).to_be_visible()
    page.get_by_role("button", name="Tell this browser no more").click()
    expect(page.get_by_role("button", name="Tell me in this browser")).to_be_visible()
    assert served.house.household.choices.channels == ()


def test_a_browser_with_another_address_is_told_there(page: Page, served: Served) -> None:
    """When its relay gives it another one the worker tells the house by itself, and the next time again."""
    page.add_init_script(RELAY)
    page.goto("/alerts")
    page.get_by_role("button", name="Tell me in this browser").click()
    page.wait_for_url("**/alerts/channels/*")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (worker,) = page.context.service_workers
    for number in (1, 2):
        address = f"{ENDPOINT}-{number}"
        worker.evaluate(RENEW, {"endpoint": address, "keys": {"p256dh": P256DH, "auth": AUTH}})
        until = time.monotonic() + PATIENCE_MS / 1000
        while worker.evaluate(KEPT) != address:
            assert time.monotonic() < until, served.house.household.choices.channels
        assert [each.id for each in served.house.household.choices.channels] == [channel_id(address)]


def test_what_is_chosen_in_a_message_is_done(page: Page, served: Served) -> None:
    """A button of the message asks for its link, once, without the reader's name, and the message goes away."""
    page.add_init_script(RELAY)
    page.goto("/alerts")
    page.get_by_role("button", name="Tell me in this browser").click()
    page.wait_for_url("**/alerts/channels/*")
    delivery = Delivery(page, served.base)
    delivery.deliver(LETTER, 1)
    asked: list[tuple[str, str, bool]] = []

    def note(_app: Flask, **_: object) -> None:
        if request.path.startswith("/errands/"):
            asked.append((request.method, request.path, "Cookie" in request.headers))

    with request_started.connected_to(note):
        (worker,) = page.context.service_workers
        worker.evaluate(CHOOSE, "1")
        until = time.monotonic() + PATIENCE_MS / 1000
        while not asked or delivery.shown():
            assert time.monotonic() < until
    assert asked == [("POST", "/errands/def", False)]


def test_what_is_missing_is_said(browser: Browser, served: Served) -> None:
    """On the plain way the other is offered; a browser that may not is told so; what it says itself can be read."""
    with page_of(browser, served.base, "/alerts") as page:  # whose refusal the browser tells its console, too
        page.context.add_cookies([{"name": "earwitness", "value": served.session, "url": served.base}])
        page.context.grant_permissions(["notifications"], origin=served.base)
        page.goto("/alerts")
        page.get_by_role("button", name="Tell me in this browser").click()
        expect(page.get_by_text("The browser says: Registration failed")).to_be_visible()
        page.context.clear_permissions()
        page.context.grant_permissions([], origin=served.base)  # and so no other
        page.goto("/alerts")
        expect(page.get_by_text("It was told to show no messages of this page.")).to_be_visible()
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
        page.goto("/alerts")
        page.get_by_role("link", name="The encrypted way").click()
        page.wait_for_url("**/certificates")
