# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's chromium, and what every page must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--headless", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
#: A busy machine is slow.
PATIENCE_MS = 60_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; skip where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium here: apt install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_of(browser: Browser, base: str, *refused: str, **options: object) -> Iterator[Page]:
    """Open a page of a house at ``base``; whatever it asks of others, and every error of it, fails the test.

    ``refused`` are the paths at which the test does what is refused.
    """

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"] not in {f"{base}{path}" for path in refused}:
            strange.append(f"{message.text} {message.location['url']}")

    context = browser.new_context(base_url=base, **options)  # type: ignore[arg-type] # whatever a test asks for
    context.set_default_timeout(PATIENCE_MS)
    page, strange = context.new_page(), list[str]()
    page.on("request", lambda request: None if request.url.startswith(base) else strange.append(request.url))
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("console", hear)
    try:
        yield page
        assert strange == []
    finally:
        context.close()


def everybody_can_use(page: Page) -> None:
    """Axe finds nothing wrong with a page, light and dark, and it is not wider than a phone or a desktop's screen."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 780})
            found = Axe().run(page)["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), page.url
