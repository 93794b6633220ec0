# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser in a simulated house: Home and its lanes, uploads and answers, live news, names that would do harm."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Self

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from appliance.diary.entries import entries
from appliance.diary.kept import kept
from appliance.events import Service
from appliance.evidence import Shelf
from appliance.household import Household
from appliance.ledger.rows import VERDICT
from appliance.settings import Paths, Settings
from appliance.speakers.registry import Registry
from tests.e2e.browser import PATIENCE_MS, everybody_can_use, page_of
from tests.live.house import RULES, ledger_for
from web.accounts import Accounts, Role
from web.app import create_app
from web.house import House
from web.news import Reporter

expect.set_options(timeout=PATIENCE_MS)
#: What a device might call itself.
EVIL = "<img src=x onerror=\"document.title='harmed'\">"


class Served:
    """The simulated morning's house, with its dashboard at ``base``."""

    def __init__(self, lived: Path, folder: Path) -> None:
        shutil.copytree(lived, folder)
        self.settings = Settings(paths=Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d"))
        paths = self.settings.paths
        accounts = Accounts(paths.state)
        accounts.users.add("Ada", Role.OWNER, "correct horse battery", 0.0)
        self.session = accounts.sessions.begin("Ada", "Chromium", time.time())
        registry = Registry(paths.registry, 0.0)
        self.house = House(self.settings, RULES, registry, accounts, Household(paths.household))
        app = create_app(self.house)
        self.reporter = Reporter(app, self.house)
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.base = f"http://127.0.0.1:{self.server.port}"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Serve."""
        self.reporter.start()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self.reporter.close()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def judge_once_more(self) -> None:
        """Write the verdict on an upload that nobody asked for, as if it had come again."""
        with self.house.reader() as reader:
            known = next(each for each in entries(reader) if each.verdict.verdict.startswith("unexplained"))
            (boot,) = reader.rows("SELECT boot FROM verdict WHERE id = ?", (known.id,))[0]
            ((_, verdict),) = reader.facts(VERDICT, "WHERE id = ?", (known.id,))
        assert verdict.upload
        upload = replace(verdict.upload, started_at=verdict.upload.started_at + 61.0)
        with closing(ledger_for(self.settings, Service.HUB)) as ledger:
            ledger.write(boot, [replace(verdict, time=verdict.time + 61.0, upload=upload)])


@pytest.fixture
def served(lived: Path, tmp_path: Path) -> Iterator[Served]:
    """A house of one's own."""
    with Served(lived, tmp_path / "house") as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page in which the owner is logged in; it may ask nobody but the house for anything."""
    with page_of(browser, served.base, viewport={"width": 1280, "height": 900}) as opened:
        opened.context.add_cookies([{"name": "earwitness", "value": served.session, "url": served.base}])
        yield opened


def seen(page: Page) -> str:
    """Return which part of the day the lanes show."""
    return page.locator("[data-range]").inner_text()


def test_everybody_can_use_the_pages(page: Page, served: Served) -> None:
    """Home, the list and an upload with its curve: axe finds nothing, light and dark, at a desk and on a phone."""
    for address in ("/", "/?day=2020-01-01", "/uploads", "/uploads?day=2020-01-01", with_curve(served)):
        page.goto(address)
        everybody_can_use(page)


def with_curve(served: Served) -> str:
    """Return the address of an upload of which evidence is kept."""
    shelf = Shelf(served.settings.paths.evidence, served.settings.evidence)
    with served.house.reader() as reader:
        found = next(each for each in entries(reader) if each.verdict.upload and kept(reader, shelf, each))
    return f"/uploads/{found.id}"


def test_the_lanes_are_zoomed_by_wheel_keys_and_buttons(page: Page) -> None:
    """Each way in shows less of the day, each way out more; at its widest the wheel scrolls the page."""
    page.goto("/")
    whole = seen(page)
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator("[data-range]")).not_to_have_text(whole)
    page.get_by_role("button", name="The whole day").click()
    expect(page.locator("[data-range]")).to_have_text(whole)
    lanes = page.locator("svg.lanes")
    lanes.scroll_into_view_if_needed()
    lanes.hover(position={"x": 500, "y": 40})
    page.mouse.wheel(0, -300)
    expect(page.locator("[data-range]")).not_to_have_text(whole)
    lanes.locator("a").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-range]")).to_have_text(whole)
    page.keyboard.press("+")
    expect(page.locator("[data-range]")).not_to_have_text(whole)
    near = seen(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-range]")).not_to_have_text(near)
    for _ in range(3):
        page.keyboard.press("-")
    expect(page.locator("[data-range]")).to_have_text(whole)
    top = page.evaluate("scrollY")
    lanes.hover(position={"x": 500, "y": 40})
    page.mouse.wheel(0, 200)
    page.wait_for_function("top => scrollY > top", arg=top)


def test_two_fingers_zoom(page: Page) -> None:
    """Fingers that move apart on the lanes show less of the day."""
    page.goto("/")
    whole = seen(page)
    page.evaluate(
        """() => {
          const lanes = document.querySelector("svg.lanes"), box = lanes.getBoundingClientRect();
          const at = (type, id, x) => lanes.dispatchEvent(new PointerEvent(type, {
            pointerId: id, pointerType: "touch", bubbles: true, clientX: box.left + x, clientY: box.top + 40 }));
          at("pointerdown", 1, 500); at("pointerdown", 2, 560);
          at("pointermove", 2, 700); at("pointermove", 1, 380);
          at("pointerup", 1, 380); at("pointerup", 2, 700);
        }"""
    )
    expect(page.locator("[data-range]")).not_to_have_text(whole)


def test_one_goes_from_upload_to_upload_by_keys(page: Page) -> None:
    """The lanes are one stop of the Tab key; up and down choose an upload, tell it, and Enter opens its page."""
    page.goto("/")
    link = page.locator("svg.lanes a")
    link.focus()
    first = link.get_attribute("aria-label")
    page.keyboard.press("ArrowUp")
    expect(link).not_to_have_attribute("aria-label", first or "")
    expect(page.get_by_role("tooltip")).to_have_text(link.get_attribute("aria-label") or "nothing")
    address = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_what_is_pointed_at_is_told(page: Page) -> None:
    """Over a mark its time, size and verdict are shown, and a click opens its page."""
    page.goto("/")
    link = page.locator("svg.lanes a")
    ring = link.locator("rect").bounding_box()
    assert ring
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    expect(page.get_by_role("tooltip")).to_contain_text("nobody said its name")
    page.mouse.click(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    page.wait_for_url(re.compile(r"/uploads/\d+$"))


def test_what_is_new_is_told_and_moves_nothing(page: Page, served: Served) -> None:
    """A verdict that comes while one reads is announced and counted; what one reads stays where it is."""
    with page.expect_response("**/api/v1/events"):
        page.goto("/")
    heading = page.get_by_role("heading", name="What could not be seen")
    before = heading.bounding_box()
    sums = page.locator("svg.lanes text.small", has_text="upload").count()
    with page.expect_response("**/api/v1/days/*"):
        served.judge_once_more()
    news = page.locator("[data-news]")
    expect(news).to_be_visible()
    expect(page.locator("[data-news-count]")).to_have_text("1")
    expect(page.locator("[data-announce]")).to_contain_text(re.compile(r"nobody said its name|silent"))
    assert heading.bounding_box() == before
    expect(page.locator("svg.lanes text.small", has_text="upload")).to_have_count(sums)
    news.locator("summary").click()
    expect(news.get_by_role("listitem")).to_have_count(1)


def test_without_a_stream_the_page_asks(page: Page, served: Served) -> None:
    """Where as many listen as may, what is new is asked for."""
    page.route("**/api/v1/events", lambda route: route.fulfill(status=204))
    page.clock.install()
    page.goto("/")
    served.judge_once_more()
    page.clock.run_for(11_000)
    expect(page.locator("[data-news-count]")).to_have_text("1")


def test_a_person_answers(page: Page, served: Served) -> None:
    """A button says what it was, the page says that it is kept, and another takes it back."""
    page.goto(with_curve(served))
    page.get_by_role("button", name="I pressed the button").click()
    expect(page.get_by_role("status")).to_contain_text("kept beside the verdict")
    expect(page.get_by_role("button", name="I pressed the button")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="I pressed the button")).not_to_have_attribute("aria-pressed", "true")


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_what_went_over_the_wire_is_shown(page: Page, served: Served) -> None:
    """The reading goes on by itself until there is a table of packets."""
    page.goto(with_curve(served))
    page.get_by_role("button", name="What went over the wire").click()
    expect(page.get_by_role("region", name="Packets").get_by_role("row").nth(1)).to_be_visible()


def test_names_from_the_network_do_no_harm(page: Page, served: Served) -> None:
    """A device that calls itself a script stands there by that name, on every page, and its script never runs."""
    address = with_curve(served)
    with served.house.reader() as reader:
        macs = [mac for (mac,) in reader.rows("SELECT DISTINCT device FROM upload")]
    for number, mac in enumerate(macs):
        served.house.registry.correct(mac, {"name": f"{EVIL}{number}"})
    for place in ("/", "/uploads", address):
        page.goto(place)
        expect(page.get_by_text("onerror").first).to_be_attached()
        assert page.locator("img").count() == 0
        assert page.title() != "harmed"


def test_the_colours_are_chosen_and_kept(page: Page) -> None:
    """Dark is dark on the next page too, from its first paint on."""
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Dark", exact=True).click()
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.goto("/uploads")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark != light


def test_pages_work_without_a_script(browser: Browser, served: Served) -> None:
    """The lanes are drawn with links, the curve has its table, an answer is kept."""
    with page_of(browser, served.base, java_script_enabled=False) as page:
        page.context.add_cookies([{"name": "earwitness", "value": served.session, "url": served.base}])
        page.goto("/")
        expect(page.locator("noscript svg a").first).to_be_visible()
        page.goto(with_curve(served))
        page.get_by_role("button", name="It was a routine").click()
        expect(page.get_by_role("status")).to_contain_text("kept beside the verdict")


@pytest.mark.parametrize("locale", ["de-DE", "fr-FR"])
def test_long_words_fit(browser: Browser, served: Served, locale: str) -> None:
    """In every language no page is wider than its screen, and no label of the menu runs into the next."""
    with page_of(browser, served.base, locale=locale) as page:
        page.context.add_cookies([{"name": "earwitness", "value": served.session, "url": served.base}])
        for width, address in ((360, "/"), (360, with_curve(served)), (1000, "/"), (1280, "/uploads")):
            page.set_viewport_size({"width": width, "height": 780})
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == locale[:2]
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), (width, address)
            shown = [box for each in page.locator(".nav > ul > li").all() if (box := each.bounding_box())]
            for one, other in pairwise(sorted(shown, key=lambda box: box["x"])):
                assert one["x"] + one["width"] <= other["x"] + 1
