# SPDX-License-Identifier: GPL-2.0-or-later
"""Where this machine stands: the form that asks root's side to change it, and the button that keeps a change."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appliance.placing.wish import asked
from tests.e2e.house import until
from tests.web.conftest import PASSWORD
from web.asking import Errand
from web.change import taken_back, waiting_change
from web.house import House

BOOT = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
BRIDGE = {"placement": "bridge", "password": PASSWORD}
WIFI = {
    "placement": "access-point",
    "ssid": "Speakers",
    "passphrase": "long enough",
    "country": "de",
    "password": PASSWORD,
}


@pytest.fixture
def installed(house: House) -> House:
    """A house on a machine that install.sh installed."""
    for folder in (house.settings.paths.asked, house.settings.paths.placed, house.settings.paths.install):
        folder.mkdir()
    return house


def changed(house: House, left: float = 100.0, boot: str = BOOT) -> Path:
    """Leave the mark that a change of the network waits."""
    mark = house.settings.paths.install / "unconfirmed"
    until_ = time.clock_gettime(time.CLOCK_BOOTTIME) + left
    mark.write_text(json.dumps({"placement": "bridge", "until": until_, "boot": boot}))
    return mark


@pytest.mark.usefixtures("installed")
def test_what_the_form_asks_for_is_what_root_understands(owner: FlaskClient, house: House) -> None:
    """The file is whole, and root's side reads it as it was meant; it is taken away by that."""
    file = house.settings.paths.asked / Errand.PLACE
    assert owner.post("/network", data={**BRIDGE, "ports": "eth0, eth1"}).headers["Location"] == "/network"
    wish = asked(file)
    assert (wish.placement, wish.ports, wish.wifi) == ("bridge", ("eth0", "eth1"), None)
    assert not file.exists()
    owner.post("/network", data=WIFI)
    assert file.stat().st_mode & 0o077 == 0, "the Wi-Fi's passphrase is in it"
    wifi = asked(file).wifi
    assert wifi is not None
    assert (wifi.ssid, wifi.passphrase, wifi.country) == ("Speakers", "long enough", "DE")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (BRIDGE | {"password": "wrong"}, "not your password"),
        (BRIDGE | {"password": ""}, "not your password"),
        (BRIDGE | {"ports": "eth0 eth0"}, "Choose how it is placed"),
        (BRIDGE | {"ports": "$(reboot)"}, "Names of network ports"),
        (BRIDGE | {"placement": "upside-down"}, "Choose how it is placed"),
        (WIFI | {"passphrase": "short"}, "8 to 63"),
        (WIFI | {"ssid": ""}, "1 to 32 bytes"),
        (WIFI | {"country": "Germany"}, "Two letters"),
    ],
)
@pytest.mark.usefixtures("installed")
def test_what_cannot_be_is_not_asked_for(owner: FlaskClient, house: House, said: dict[str, str], why: str) -> None:
    """The form comes back with what is wrong; without the password, asked for again, nothing goes to root."""
    answer = owner.post("/network", data=said)
    assert answer.status_code == 422
    assert why in answer.text
    assert list(house.settings.paths.asked.iterdir()) == []


@pytest.mark.usefixtures("installed")
def test_a_passphrase_is_not_sent_back(owner: FlaskClient) -> None:
    """A form that comes back holds neither the Wi-Fi's passphrase nor the password."""
    page = owner.post("/network", data=WIFI | {"ssid": "", "passphrase": "a secret of mine"}).text
    assert "a secret of mine" not in page
    assert PASSWORD not in page


def test_where_nobody_looks_nothing_is_asked(owner: FlaskClient) -> None:
    """On a machine without root's units the page says what to type."""
    assert "sudo earwitness place" in owner.get("/network").text
    assert owner.post("/network", data=BRIDGE).status_code == 422


def test_one_change_at_a_time(owner: FlaskClient, installed: House) -> None:
    """While one waits no other is asked for."""
    changed(installed)
    assert "Another change waits" in owner.post("/network", data=BRIDGE).text


def test_who_may_not(viewer: FlaskClient, visitor: FlaskClient, installed: House) -> None:
    """Only owners ask root for anything."""
    changed(installed)
    for address in ("/network", "/network/keep"):
        assert viewer.post(address, data=BRIDGE).status_code == 403
        assert visitor.post(address, data=BRIDGE).status_code in {303, 401}
    assert list(installed.settings.paths.asked.iterdir()) == []
    assert viewer.get("/network").status_code == 200


@pytest.mark.parametrize("page", ["/", "/health", "/speakers", "/setup/ears", "/update"])
def test_a_change_that_waits_is_on_every_page(owner: FlaskClient, installed: House, page: str) -> None:
    """With the time that is left, and a button; also in the first run."""
    assert "Keep it?" not in owner.get(page).text
    changed(installed)
    shown = owner.get(page).text
    assert "Keep it?" in shown
    assert 'action="/network/keep"' in shown


def test_who_is_not_logged_in_learns_how(visitor: FlaskClient, viewer: FlaskClient, installed: House) -> None:
    """The way to the login may just have changed; a viewer cannot keep it, and has no button."""
    changed(installed)
    for page in (visitor.get("/login").text, viewer.get("/").text):
        assert "Keep it?" in page
        assert "sudo earwitness confirm-network" in page
        assert "/network/keep" not in page


@pytest.mark.parametrize(("left", "boot"), [(-1.0, BOOT), (100.0, "another-boot")])
def test_what_went_back_waits_no_more(owner: FlaskClient, installed: House, left: float, boot: str) -> None:
    """A mark of which the time is over, or that an earlier start of the machine left, is none."""
    changed(installed, left, boot)
    assert waiting_change(installed.settings.paths) is None
    assert "Keep it?" not in owner.get("/").text


@pytest.mark.parametrize("mark", [b"", b"{}", b"\xff" * 100, b"[" * 9000, b'{"placement": "x", "until": "inf"}'])
def test_any_mark_is_taken(owner: FlaskClient, installed: House, mark: bytes) -> None:
    """What cannot be read is no change."""
    (installed.settings.paths.install / "unconfirmed").write_bytes(mark)
    assert owner.get("/").status_code == 200


def test_keeping_waits_until_it_is_kept(owner: FlaskClient, installed: House) -> None:
    """Root's side sees the file, and takes the mark away; only then the page says so."""
    mark, file = changed(installed), installed.settings.paths.asked / Errand.KEEP

    def root() -> None:
        until("the page to ask", file.exists)
        file.unlink()
        mark.unlink()

    side = threading.Thread(target=root)
    side.start()
    page = owner.post("/network/keep", follow_redirects=True).text
    side.join()
    assert "stays as it is now" in page


def test_how_it_went_is_shown(owner: FlaskClient, installed: House) -> None:
    """While it runs, and why it failed; a page that lies open learns of each change."""
    placed = installed.settings.paths.placed
    seen = [owner.get("/network/state").text]
    (placed / "said").write_text("br0 got no address\x1b[31m <b>\n")
    steps: list[tuple[str, Callable[[str], bool]]] = [
        ("running\n", lambda page: "data-watch" in page),
        ("refused\n", lambda page: "could not be changed" in page and "br0 got no address[31m &lt;b&gt;" in page),
        ("success\n", lambda page: "could not be changed" not in page and "data-watch" not in page),
    ]
    for result, holds in steps:
        (placed / "result").write_text(result)
        assert holds(owner.get("/network").text), result
        seen.append(owner.get("/network/state").text)
    assert len(set(seen)) == len(seen)


@pytest.mark.usefixtures("installed")
def test_the_first_run_leads_to_the_form(owner: FlaskClient, house: House) -> None:
    """Where root's side can do it, nobody edits files; afterwards the first run goes on."""
    answer = owner.post("/setup/placement", data={"placement": "mirror"})
    assert answer.headers["Location"] == "/network?placement=mirror"
    house.accounts.reach("speakers")
    page = owner.get("/network?placement=mirror").text
    assert 'value="mirror" checked' in page
    assert 'href="/setup/speakers"' in page


def went_back(house: House, **said: object) -> Path:
    """Leave word that a change went back by itself, as root's side does."""
    word = {"placement": "bridge", "why": "unconfirmed", "time": 1e9, "boot": BOOT}
    word |= {"at": time.clock_gettime(time.CLOCK_BOOTTIME) - 60}
    path = house.settings.paths.install / "taken-back.json"
    path.write_text(json.dumps(word | said))
    return path


def test_what_went_back_is_told_until_somebody_has_seen_it(
    owner: FlaskClient, viewer: FlaskClient, installed: House
) -> None:
    """On Home and on Network, with the reason; the next one is told again. Only owners can say that they saw it."""
    told = "a change of the network was taken back"
    for why, words in (("unconfirmed", "Nobody said in time"), ("restarted", "was started again before anybody said")):
        went_back(installed, why=why, at=0.0)
        for page in ("/", "/network"):
            assert told in (shown := owner.get(page).text)
            assert words in shown
            assert 'action="/network/seen"' in shown
            assert told in (shown := viewer.get(page).text)
            assert 'action="/network/seen"' not in shown
        assert viewer.post("/network/seen").status_code == 403
        assert owner.post("/network/seen").headers["Location"] == "/network"
        assert [told in browser.get(page).text for browser in (owner, viewer) for page in ("/", "/network")] == [
            False
        ] * 4


def test_while_the_next_change_is_made_the_last_is_no_news(owner: FlaskClient, installed: House) -> None:
    """It has been asked for again."""
    went_back(installed)
    (installed.settings.paths.asked / Errand.PLACE).write_text("{}")
    assert "was taken back" not in owner.get("/network").text


def test_when_it_went_back_is_told_by_a_clock_that_is_right(installed: House) -> None:
    """A machine without a battery starts at a wrong time: what it says of this boot is counted from now."""
    went_back(installed)
    word = taken_back(installed.settings.paths)
    assert word
    assert 55 < time.time() - word.when() < 3600
    went_back(installed, boot="another-boot")
    word = taken_back(installed.settings.paths)
    assert word
    assert word.when() == 1e9


@pytest.mark.parametrize("word", [b"", b"{}", b"\xff" * 100, b"[" * 9000, b'{"why": "unconfirmed", "time": 1e300}'])
def test_any_word_is_taken(owner: FlaskClient, installed: House, word: bytes) -> None:
    """What cannot be read is no news; nor is there any where nothing was noted."""
    owner.post("/network/seen")
    (installed.settings.paths.install / "taken-back.json").write_bytes(word)
    assert "was taken back" not in owner.get("/").text
