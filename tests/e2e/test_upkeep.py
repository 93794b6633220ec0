# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser at the hub itself: a backup goes out and comes back, all is forgotten; and everybody can use the pages."""

import json
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from appliance.clocks import this_boot
from appliance.household import Channel, Household
from appliance.ledger import Reader
from appliance.settings import Paths, Settings
from appliance.speakers.registry import Registry
from tests.conftest import ROOT
from tests.e2e.browser import page_of
from tests.live.house import RULES
from web.accounts import Accounts, Role
from web.app import create_app
from web.house import House

WORDS = "correct horse battery staple"
PATIENCE_S = 60.0
PAGES = (
    *("/settings", "/settings/forget", "/alerts", "/alerts/new/ntfy", "/health", "/health/journal"),
    *("/network?placement=access-point", "/update"),
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < end, what
        time.sleep(0.1)


class Hub:
    """The hub of a house in which the simulated morning happened, as a process, and its owner."""

    def __init__(self, folder: Path, lived: Path) -> None:
        shutil.copytree(lived, folder)
        self.paths = Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d")
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self._file = folder / "earwitness.toml"
        places = "".join(f'{name} = "{path}"\n' for name, path in self.paths)
        web = f'address = "127.0.0.1"\nport = {port}\nhttps = "off"\n'
        replay = f'placement = "replay"\nfile = "{folder}/none.pcap"\n'
        self._file.write_text(f"[paths]\n{places}[web]\n{web}[capture]\n{replay}")
        accounts = Accounts(self.paths.state)
        accounts.users.add("Ada", Role.OWNER, WORDS, 0.0)
        self.session = accounts.sessions.begin("Ada", "Chromium", time.time())
        self.start()

    def start(self) -> None:
        """Start it, as systemd does again and again, and wait until its pages are there."""
        program = Path(sysconfig.get_path("scripts"), "earwitness")
        command: list[str | Path] = [sys.executable, program, "hub", "--settings", self._file]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        until(self._there, "the pages did not come up")

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(PATIENCE_S)

    def _there(self) -> bool:
        assert self.process.poll() is None, "the hub ended"
        with suppress(URLError, ConnectionError):
            urlopen(f"{self.base}/login").close()  # noqa: S310 - our own
            return True
        return False


@pytest.fixture
def hub(lived: Path, tmp_path: Path) -> Iterator[Hub]:
    """A hub of one's own."""
    with closing(Hub(tmp_path / "house", lived)) as hub:
        yield hub


@pytest.fixture
def window(browser: Browser, hub: Hub) -> Iterator[BrowserContext]:
    """A browser in which the owner is logged in."""
    with closing(browser.new_context(base_url=hub.base, accept_downloads=True)) as window:
        window.add_cookies([{"name": "earwitness", "value": hub.session, "url": hub.base}])
        yield window


def test_a_backup_brings_back_what_was(hub: Hub, window: BrowserContext, tmp_path: Path) -> None:
    """It is downloaded, something changes, it is brought back; the page waits for the hub, and all is as it was."""
    page = window.new_page()
    page.goto("/settings")
    page.get_by_label("Passphrase", exact=True).fill(WORDS)
    page.get_by_label("The same again").fill(WORDS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make a backup").click()
    download.value.save_as(tmp_path / "home.age")

    page.get_by_label("Language of alerts").select_option("de")
    page.locator("#home ~ form, [aria-labelledby=home] form").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").first).to_contain_text("holds from now on")

    page.get_by_label("File of a backup").set_input_files(tmp_path / "home.age")
    page.get_by_label("Its passphrase").fill("not the passphrase")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("alert")).to_contain_text("the passphrase is not the one of this file")
    assert hub.process.poll() is None

    page.get_by_label("File of a backup").set_input_files(tmp_path / "home.age")
    page.get_by_label("Its passphrase").fill(WORDS)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The backup is whole")
    assert hub.process.wait(PATIENCE_S) == 0
    hub.start()
    page.wait_for_url(f"{hub.base}/", timeout=PATIENCE_S * 1000)
    page.goto("/settings")
    expect(page.get_by_label("Language of alerts")).to_have_value("")


def test_a_day_is_forgotten_while_the_hub_runs(hub: Hub, window: BrowserContext) -> None:
    """An owner says so twice, the hub does it, and no page knows it any more."""
    page = window.new_page()
    page.goto("/uploads")
    assert page.locator("main time, main tr").count() > 5
    page.goto("/settings")
    page.get_by_role("link", name="Forget everything").click()
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Forget everything").click()
    expect(page.get_by_role("status").first).to_contain_text("being forgotten")

    def gone() -> bool:
        with closing(Reader(hub.paths.ledger)) as reader:
            left = reader.rows("SELECT (SELECT count(*) FROM upload) + (SELECT count(*) FROM speech)")
        return left == [(0,)] and not list(hub.paths.evidence.iterdir())

    until(gone, "something was not forgotten")
    page.goto("/settings/forget")
    expect(page.get_by_role("heading", name="Forgotten before")).to_be_visible()


@pytest.fixture
def served(lived: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of pages with something on them, and the owner's session."""
    shutil.copytree(lived, tmp_path / "house")
    places = {"state": "state", "run": "run", "rules": "rules.d", "install": "install"}
    paths = Paths(**{name: tmp_path / "house" / where for name, where in places.items()})
    paths.asked.mkdir()
    paths.install.mkdir()
    change = {
        "placement": "bridge",
        "until": time.clock_gettime(time.CLOCK_BOOTTIME) + 900,
        "boot": this_boot(paths.run).id,
    }
    (paths.install / "unconfirmed").write_text(json.dumps(change))
    accounts, household = Accounts(paths.state), Household(paths.household)
    accounts.users.add("Ada", Role.OWNER, WORDS, 0.0)
    household.add("channels", Channel(id="ntfy-1", kind="ntfy", name="Anna's phone"))
    rules = replace(RULES, releases={"maintainers": bytes(32)})
    house = House(Settings(paths=paths), rules, Registry(paths.registry, 0.0), accounts, household)
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", accounts.sessions.begin("Ada", "Chromium", time.time())
    server.shutdown()


def test_everybody_can_use_the_pages(served: tuple[str, str], browser: Browser) -> None:
    """Axe finds nothing wrong with them, none is wider than the screen, none asks anything of others."""
    base, session = served
    artefacts = ROOT / "artefacts"
    artefacts.mkdir(exist_ok=True)
    strange: list[str] = []
    for scheme, width in product(SCHEMES, (360, 1280)):
        window = browser.new_context(
            base_url=base, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
        )
        window.add_cookies([{"name": "earwitness", "value": session, "url": base}])
        page = window.new_page()
        page.on("request", lambda request: None if request.url.startswith(base) else strange.append(request.url))
        for path in PAGES:
            page.goto(path)
            found = Axe().run(page)["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
            name = path.partition("?")[0].strip("/").replace("/", "-")
            page.screenshot(path=artefacts / f"{name}-{scheme}-{width}.png", full_page=True)
        window.close()
    assert strange == []


def test_the_time_that_is_left_runs_out(served: tuple[str, str], browser: Browser) -> None:
    """A change of the network that waits counts down by itself; when the time is over the page says so."""
    base, session = served
    with page_of(browser, base) as page:
        page.context.add_cookies([{"name": "earwitness", "value": session, "url": base}])
        page.clock.install()
        page.goto("/update")
        timer, keep = page.get_by_role("timer"), page.get_by_role("button", name="Keep it")
        expect(timer).to_have_text(re.compile(r"^14\smin\s\d+\ss$"))
        page.clock.fast_forward("05:00")
        expect(timer).to_have_text(re.compile(r"^9\smin(\s\d+\ss)?$"))
        expect(keep).to_be_visible()
        page.clock.fast_forward("10:00")
        expect(page.get_by_role("status")).to_contain_text("The time is over")
        expect(keep).to_be_hidden()
        expect(page.get_by_role("link", name="Look again")).to_be_visible()
    with page_of(browser, base, java_script_enabled=False) as page:
        page.context.add_cookies([{"name": "earwitness", "value": session, "url": base}])
        page.goto("/update")
        expect(page.get_by_role("status")).to_contain_text(re.compile(r"by itself, in 1[45]\smin"))
        expect(page.get_by_role("button", name="Keep it")).to_be_visible()
