# SPDX-License-Identifier: GPL-2.0-or-later
"""The first run, on a phone: from a hub that nobody owns to the first verdict, and back in after logging out."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.events import Service
from tests.commands.test_hub import EARWITNESS, eventually
from tests.e2e.browser import PATIENCE_MS, everybody_can_use, page_of
from tests.web.test_server import free_port

WORDS = "correct horse battery"


class Machine:
    """A machine on which Earwitness was just installed, and which will see the simulated morning."""

    def __init__(self, folder: Path, played: Path) -> None:
        self.folder = folder
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self._file = folder / "earwitness.toml"
        paths = "".join(f'{name} = "{folder / name}"\n' for name in ("state", "run", "rules"))
        replay = (
            f'placement = "replay"\nfile = "{played}/capture.pcapng"\nsounds = "{played}/sounds.jsonl"\nspeed = 0\n'
        )
        web = f'address = "127.0.0.1"\nport = {port}\nhttps = "off"\n'
        self._file.write_text(f"[capture]\n{replay}[web]\n{web}[paths]\n{paths}")
        self._port = port

    @contextmanager
    def running(self, service: Service) -> Iterator[None]:
        """Run one of its services."""
        process = subprocess.Popen([EARWITNESS, service.value, "--settings", str(self._file)])
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def served(self) -> bool:
        """Say whether the pages are there."""
        with closing(HTTPConnection("127.0.0.1", self._port)) as connection:
            try:
                connection.request("GET", "/setup")
                return connection.getresponse().status == 200
            except OSError:
                return False

    @property
    def code(self) -> str:
        """The one-time code, as the command tells it."""
        command = [EARWITNESS, "setup-code", "--settings", str(self._file)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def machine(played: Path, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path, played)
    with machine.running(Service.HUB):
        eventually(machine.served)
        yield machine


def go_on(page: Page) -> None:
    """Look at a page as everybody may, and go on to the next."""
    everybody_can_use(page)
    page.get_by_role("button", name="Go on", exact=True).or_(
        page.get_by_role("link", name="Go on", exact=True)
    ).first.click()


def become_owner(page: Page, code: str) -> None:
    """Choose the language, then type code, name and password; a mistake is said, and nothing is lost but passwords."""
    page.goto("/")
    everybody_can_use(page)
    page.get_by_role("button", name="English").press("Enter")
    page.get_by_label("One-time code").fill("aaaa-aaaa")
    page.get_by_label("Your name").fill("Ada")
    for _ in range(2):
        page.get_by_label("Password", exact=True).fill(WORDS)
        page.get_by_label("The password once more").fill(WORDS)
        go_on(page)
        if page.get_by_text("This is not the code").is_visible():
            page.get_by_label("One-time code").fill(code.upper())
    expect(page.get_by_role("heading", level=1)).to_have_text("How is it placed?")


def test_from_nothing_to_the_first_verdict(machine: Machine, browser: Browser) -> None:
    """Every step, by touch and by key, usable by everybody; the test notices by itself what the household does."""
    options = {"viewport": {"width": 360, "height": 780}, "bypass_csp": True}
    with page_of(browser, machine.base, "/setup/owner", "/setup", **options) as page:
        become_owner(page, machine.code)
        go_on(page)
        expect(page.get_by_text("No speaker found yet")).to_be_visible()
        everybody_can_use(page)
        page.goto("/setup/test")
        expect(page.get_by_text("Waiting for it")).to_have_count(3)
        with machine.running(Service.CAPTURE):
            expect(page.get_by_text("It works.")).to_be_visible(timeout=PATIENCE_MS)
        everybody_can_use(page)
        page.goto("/setup/speakers")
        page.get_by_label("Name", exact=True).first.fill("My Echo")
        go_on(page)
        expect(page.get_by_text("Not listening").first).to_be_visible()
        go_on(page)
        expect(page.get_by_role("img", name="The address as a picture for the camera")).to_be_visible()
        go_on(page)
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("status").first).to_contain_text("Earwitness is ready")
        assert page.goto("/setup").status == 404  # type: ignore[union-attr] # it answers


def test_it_can_be_left_and_taken_up_again_without_script(machine: Machine, browser: Browser) -> None:
    """In a browser that runs no script every step works; who leaves in between goes on where they were."""
    with page_of(browser, machine.base, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("button", name="English").click()
        page.get_by_label("One-time code").fill(machine.code)
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("Password", exact=True).fill(WORDS)
        page.get_by_label("The password once more").fill(WORDS)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("At a switch that copies").check()
        page.get_by_role("button", name="Go on", exact=True).click()
        expect(page.get_by_text('placement = "mirror"')).to_be_visible()
        page.get_by_role("link", name="Go on without it").click()
        page.context.clear_cookies()
        page.goto("/")
        page.get_by_label("Your name").fill("ada")
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Are these your speakers?")
        page.get_by_role("button", name="Leave the rest for later").click()
        expect(page).to_have_url(f"{machine.base}/")


def test_the_pages_of_who_gets_in_are_for_everybody(machine: Machine, browser: Browser) -> None:
    """Log in, account, users with a token, certificates: by axe, in light and dark, on phone and desktop."""
    with page_of(browser, machine.base, "/setup/owner", bypass_csp=True) as page:
        become_owner(page, machine.code)
        page.goto("/account")
        everybody_can_use(page)
        page.goto("/users")
        page.get_by_label("Name", exact=True).fill("<img src=x onerror=alert(1)>")
        page.get_by_label("Their first password").fill(WORDS)
        page.get_by_role("button", name="Let them in").click()
        page.get_by_label("What is it for?").fill("Grafana")
        page.get_by_role("button", name="Make a token").click()
        expect(page.get_by_text("ew_")).to_be_visible()
        everybody_can_use(page)
        page.goto("/certificates")
        everybody_can_use(page)
        page.goto("/account")
        page.get_by_role("button", name="Log out", exact=True).click()
        everybody_can_use(page)


def test_a_link_from_another_site_finds_who_is_logged_in(machine: Machine, browser: Browser) -> None:
    """As from a dashboard of Home Assistant: the browser keeps the cookie back, and one is in all the same."""
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"{machine.base}/setup/owner")
        page.get_by_label("One-time code").fill(machine.code)
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("Password", exact=True).fill(WORDS)
        page.get_by_label("The password once more").fill(WORDS)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("How is it placed?")
        page.goto(f"{machine.base.replace('127.0.0.1', 'localhost')}/login")  # another site, for a browser
        page.evaluate("to => { location.href = to }", f"{machine.base}/account")
        expect(page.get_by_role("heading", level=1)).to_have_text("Ada")
