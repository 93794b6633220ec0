# SPDX-License-Identifier: GPL-2.0-or-later
"""How quickly the lanes of a day of a thousand marks zoom, on this processor and on one a quarter as fast.

python -m bench.lanes [FOLDER]

FOLDER is a house through whose services a capture went (with ``state`` and ``run`` in it); it is copied. Without one,
the simulated morning of the tests is played first. Needs Debian's chromium.
"""

import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import BrowserContext, CDPSession, sync_playwright
from werkzeug.serving import make_server

from appliance.events import Service
from tests.e2e.browser import ARGUMENTS, CHROMIUM
from tests.live.house import ledger_for, live
from tests.played import play
from tests.web.conftest import house_in
from web.accounts import Role
from web.app import create_app

MARKS, STEPS = 1_000, 120
#: Fills the day that the page carries with marks, each with its wake word and speech, and zooms in and out.
_ZOOM = """async ([marks, steps]) => {
  const { Lanes } = await import("/static/js/lanes.js");
  const carried = (id) => JSON.parse(document.getElementById(id).textContent);
  const [day, words] = [carried("day"), carried("words")];
  const each = Math.ceil(marks / day.lanes.length);
  let id = 0;
  for (const lane of day.lanes) {
    const spread = (_, index) => day.started_at + ((index + ((index * 7) % 5) / 5) * 86400) / each;
    const at = Array.from({ length: each }, spread);
    const kind = (index) => (index % 9 ? "asked" : index % 2 ? "unexplained" : "notice");
    lane.uploads = at.map((time, index) => [time, time + 3, 50000, "called", kind(index), id++]);
    lane.wakes = at.map((time) => [time - 1, "alexa", 0.9, false, "ear"]);
    lane.speech = at.map((time) => [time - 3, time + 4]);
  }
  const lanes = new Lanes(document.querySelector("[data-lanes]"), day, words);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const times = [];
  for (let step = 0; step < steps; step += 1) {
    const begun = performance.now();
    lanes.zoom(step % 40 < 20 ? 0.8 : 1.25, day.started_at + 43200 + step * 60);
    await frame();
    times.push(performance.now() - begun);
  }
  return times;
}"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a house; yield where, and the cookie of its owner."""
    house = house_in(folder)
    ledger_for(house.settings, Service.HUB).close()  # one of an older version is brought up to this one
    house.accounts.users.add("Ada", Role.OWNER, "correct horse battery", 0.0)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}/", house.accounts.sessions.begin("Ada", "bench", time.time())
    finally:
        server.shutdown()


def zooms(context: BrowserContext, base: str, throttling: int) -> tuple[list[float], float]:
    """Return how long each frame takes on a processor so many times as slow, and what it takes of one, both in ms.

    The second is the main thread's own time, which other programs on a busy machine do not lengthen.
    """
    page = context.new_page()
    page.goto(base)
    page.wait_for_selector("svg.lanes")
    tools = context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": throttling})
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _busy(tools)
    times: list[float] = page.evaluate(_ZOOM, [MARKS, STEPS])
    own = (_busy(tools) - before) / STEPS * 1000
    page.close()
    return times, own


def _busy(tools: CDPSession) -> float:
    """Return the seconds of the processor that the page's main thread has taken."""
    found = tools.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))


def row(throttling: int, times: list[float], own: float) -> str:
    """Return a line of the table."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    frames = f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, most {max(times):.0f} ms a frame"
    return f"processor / {throttling}: {frames}; own {own:.1f} ms"


def main(source: Path | None) -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made) / "house"
        if source:
            shutil.copytree(source, folder)
        else:
            folder = live(Path(made), play(Path(made) / "play"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with served(folder) as (base, cookie):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "earwitness", "value": cookie, "url": base}])
            print(f"{MARKS} marks; load of the machine {os.getloadavg()[0]:.1f}")
            for throttling in (1, 4):
                print(row(throttling, *zooms(context, base, throttling)))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
