# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo as people try it: the command, its link in a browser, every page of the menu, Ctrl-C."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from tests.commands.test_demo import start
from tests.commands.test_selftest import running
from tests.e2e.browser import everybody_can_use, page_of

#: Seconds in which a loaded machine plays, replays and judges a day.
PATIENCE_S = 300


class Demo(NamedTuple):
    """A demo that is ready."""

    process: subprocess.Popen[str]
    folder: Path
    link: str

    @property
    def base(self) -> str:
        """Where it is served."""
        return self.link.partition("/demo")[0]

    def next_link(self) -> str:
        """Return the next link that its console shows; fails if it ends before."""
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+/demo\S+", line):
                return found.group()
        raise AssertionError(self.process.communicate()[1])


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo, from its start to its link."""
    with start(tmp_path) as process:
        try:
            yield Demo(process, tmp_path, Demo(process, tmp_path, "").next_link())
        finally:
            process.terminate()


def test_the_demo_shows_a_house_that_is_not_there(browser: Browser, demo: Demo) -> None:
    """Its link opens Home as the owner's, once; each page says that all is made up; Ctrl-C leaves nothing."""
    with page_of(browser, demo.base, locale="en") as page:
        page.goto(demo.link)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Nobody said")
        for name in ("Home", "Uploads", "Speakers", "Ears", "Alerts", "Health", "Settings"):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.get_by_role("navigation", name="Main menu").get_by_role("link", name=name, exact=True).first.click()
            expect(page.get_by_text("Simulated household.")).to_be_visible()
            everybody_can_use(page)
    with page_of(browser, demo.base, demo.link.removeprefix(demo.base)) as page:
        page.goto(demo.link)
        expect(page.get_by_text("This link was used")).to_be_visible()
        page.goto(demo.next_link())
        expect(page.get_by_role("link", name="All uploads")).to_be_visible()
    demo.process.send_signal(signal.SIGINT)
    said, complaints = demo.process.communicate(timeout=PATIENCE_S)
    assert (demo.process.returncode, complaints) == (0, "")
    assert said.endswith("The demo has ended.\n")
    assert list(demo.folder.iterdir()) == []
    assert not running(demo.folder)
