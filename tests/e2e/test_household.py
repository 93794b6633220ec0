# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser in the household: a device is declared a speaker, gets its room, and is calibrated while it is replayed."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from appliance.clocks import read_clocks, this_boot
from appliance.events import CAPTURE, Device, Service, Wake
from appliance.household import Household
from appliance.settings import Settings
from appliance.simulate.speaker import Speaker
from appliance.speakers.registry import Registry
from appliance.status import CaptureStatus, EarStatus, Listening, read_status, write_status
from tests.e2e.browser import PATIENCE_MS, everybody_can_use, page_of
from tests.e2e.minute import arrive, at, called, simulated
from tests.live.house import RULES, capturing, ledger_for, live, replaying
from web.accounts import Accounts, Role
from web.app import create_app
from web.ears import QUIET_DB
from web.house import House
from web.news import Reporter

#: Of the simulated household: a speaker that no rule knows.
NOVA = 5
#: Seconds of the play at which somebody calls it; the questions come in between.
CALLS = (14.0, 28.0, 42.0, 56.0, 70.0)
SPEED = 12.0


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A play in which somebody calls one speaker five times."""

    def scenes(speakers: list[Speaker]) -> None:
        arrive(speakers)
        for second in CALLS:
            at(speakers[NOVA], second, called)

    return simulated(tmp_path_factory.mktemp("course") / "play", 100.0, scenes)


@pytest.fixture(scope="module")
def past(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house in which the play was watched before."""
    return live(tmp_path_factory.mktemp("past"), course)


class Home:
    """A house whose past is in the ledger, with its owner."""

    def __init__(self, folder: Path, course: Path) -> None:
        replay = replaying(folder, course / "capture.pcapng", course / "sounds.jsonl")
        self.settings = replay.model_copy(update={"capture": replay.capture.model_copy(update={"speed": SPEED})})
        paths = self.settings.paths
        accounts = Accounts(paths.state)
        accounts.users.add("Ada", Role.OWNER, "correct horse battery", 0.0)
        self.session = accounts.sessions.begin("Ada", "Chromium", time.time())
        registry = Registry(paths.registry, 0.0)
        self.house = House(self.settings, RULES, registry, accounts, Household(paths.household))

    def hear(self, level: float, ear: str, word: str) -> None:
        """Have an ear hear a word at the end of the past, and say how loud it is now."""
        with closing(ledger_for(self.settings, Service.EARS)) as ledger, closing(ledger.reader()) as reader:
            ((boot, end),) = reader.rows("SELECT boot, max(ended_at) FROM capture_coverage")
            ledger.write(boot, [Wake(end - 1.0, ear, word, 0.91)])
        here = this_boot(self.settings.paths.run)
        now = here.steady(read_clocks())
        ears = {ear: Listening(covered_since=now, covered_until=now, level=level)}
        status = EarStatus(
            service="ears", boot=here.id, time=now, started_at=now, pid=1, state="listening", version="", ears=ears
        )
        write_status(self.settings.paths.run, status)


class Replaying(Thread):
    """A capture that watches, and sees the play when it is told to."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._settings = settings
        self._ready, self._told = Event(), Event()
        self.start()
        assert self._ready.wait(60)

    def play(self) -> None:
        """Let the play begin."""
        self._told.set()

    def run(self) -> None:
        """Open it, wait, and go through it."""
        with closing(capturing(self._settings)) as capture:
            self._ready.set()
            self._told.wait()
            while capture.step():
                capture._capture._source.wait(0.1)


@pytest.fixture
def home(past: Path, course: Path, tmp_path: Path) -> Home:
    shutil.copytree(past, tmp_path / "home")
    return Home(tmp_path / "home", course)


@contextmanager
def opened(home: Home, browser: Browser, **options: object) -> Iterator[Page]:
    """Open a page of a house that is served, as its owner."""
    app = create_app(home.house)
    reporter, server = Reporter(app, home.house), make_server("127.0.0.1", 0, app, threaded=True)
    reporter.start()
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        with page_of(browser, base, **options) as page:
            page.context.add_cookies([{"name": "earwitness", "value": home.session, "url": base}])
            yield page
    finally:
        reporter.close()
        server.shutdown()
        serving.join()
        server.server_close()


def mac_of(home: Home, name: str) -> str:
    return next(each.mac for each in home.house.registry.inventory.devices if each.name == name)


def test_a_speaker_that_no_rule_knows_is_declared_and_calibrated(home: Home, browser: Browser) -> None:
    """From a line in the table of other devices to what is usual for it, with the keyboard and the mouse alone."""
    mac = mac_of(home, "Nova")
    with opened(home, browser, viewport={"width": 360, "height": 780}) as page:
        page.goto("/speakers")
        page.get_by_role("button", name="Nova is a speaker").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nova")
        page.get_by_label("Name", exact=True).fill("Nursery Nova")
        page.get_by_label("Room").select_option("nursery")
        page.get_by_role("button", name="Keep").press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("What you said of it is kept.")
        replay = Replaying(home.settings)
        page.get_by_role("link", name="Calibrate").first.click()
        page.get_by_role("button", name="Start").click()
        expect(page.locator("[data-ask]")).to_contain_text("what time is it?")
        replay.play()
        expect(page.locator("[data-tries] > li.both").first).to_contain_text("Caught by both", timeout=PATIENCE_MS)
        expect(page.get_by_role("heading", level=1, name="All five commands")).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Keep what it taught").click()
        expect(page.get_by_role("status").first).to_contain_text("What the calibration taught is kept.")
        replay.join()
    learnt = next(each.learnt for each in home.house.registry.inventory.devices if each.mac == mac)
    assert learnt is not None
    assert learnt.commands == len(CALLS)
    assert -0.5 < learnt.delay_s < 1.5


def test_levels_and_words_show_up_while_the_page_is_open(home: Home, browser: Browser) -> None:
    """The meter follows the ear; a name that is heard now stands on top of the list, and is read out."""
    with opened(home, browser) as page:
        page.goto("/ears")
        meter = page.get_by_role("meter", name="Level at nursery-mic")
        expect(meter).to_have_js_property("value", QUIET_DB)
        home.hear(-24.5, "nursery-mic", "alexa")
        expect(meter).to_have_js_property("value", -24.5, timeout=PATIENCE_MS)
        expect(page.locator("tr.fresh")).to_contain_text("alexa", timeout=PATIENCE_MS)
        expect(page.locator("[data-announce]")).to_have_text("nursery-mic heard “alexa”, score 0.91")


def test_what_shows_itself_meanwhile_is_counted(home: Home, browser: Browser) -> None:
    """A device that nobody knew, or that turns out to be a speaker, is told at the edge; what is known is no news."""
    known, strange = mac_of(home, "Kitchen Echo"), "02:00:00:00:00:77"
    with opened(home, browser) as page:
        with page.expect_response("**/api/v1/events"):
            page.goto("/speakers")
        with closing(ledger_for(home.settings, Service.CAPTURE)) as ledger:
            boot = ledger.begin("later", 0.0)
            ledger.write(boot, [Device(1.0, mac, None, None, None, None, 0.0, ()) for mac in (known, strange)])
        expect(page.locator("[data-news]")).to_be_visible()
        expect(page.locator("[data-news-count]")).to_have_text("1")


def test_everybody_can_use_the_pages(home: Home, browser: Browser) -> None:
    """Axe finds nothing wrong with them, and none is wider than the screen: light and dark, phone and desktop."""
    mac = mac_of(home, "Kitchen Echo")
    capture = read_status(home.settings.paths.run, CAPTURE, CaptureStatus)
    assert capture is not None
    course = f"calibrate?boot={capture.boot}&since="
    waiting, over = f"{course}{capture.covered_until}", f"{course}{capture.covered_since}"
    with opened(home, browser, bypass_csp=True) as page:
        for path in ("", f"/{mac}", f"/{mac}/calibrate", f"/{mac}/{waiting}", f"/{mac_of(home, 'Nova')}/{over}"):
            page.goto(f"/speakers{path}")
            everybody_can_use(page)
        expect(page.get_by_role("button", name="Keep what it taught")).to_be_visible()
        page.goto("/ears")
        everybody_can_use(page)
