# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard over a month of a household: what pages weigh, when they are painted, who waits how long, and memory.

    python -m bench.web [--days 7] [--times 4] [--house FOLDER]

A simulated household is played and goes through the services (or FOLDER, which such a run left, is taken), and its
ledger is put ``--times`` times behind itself, so that a week makes a month. The hub serves that as its own process.
Chromium loads each page with an empty cache; then twenty ask for the stream of events while pages are loaded and words
are heard ten times a second; then the hub is asked to end, with streams open.
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from shutil import copytree
from statistics import median
from threading import Event, Thread
from typing import NamedTuple
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

from appliance.diary.entries import entries
from appliance.events import Service, Wake
from appliance.ledger import Reader, open_ledger
from appliance.settings import Paths
from bench.simulated import play, table
from bench.usage import use
from tests.live.house import live
from web.accounts import Accounts, Role

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
LISTENERS, LOADS, LOADERS, WORDS_A_SECOND = 20, 150, 4, 10
DAY = 86_400.0
PAINTS = 5
FACTS = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%REFERENCES boot%'"


class Hub(NamedTuple):
    """A hub that serves."""

    process: subprocess.Popen[bytes]
    port: int
    cookie: str
    ledger: Path
    boot: str

    @property
    def url(self) -> str:
        """Where."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def memory(self) -> float:
        """How much memory it holds, in MB."""
        return use(self.process.pid).memory


def main() -> None:
    """Make the house, serve it, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--house", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name) / "house"
        if options.house:
            copytree(options.house, folder)
        else:
            play(Path(name) / "played", options.days, 1)
            folder.mkdir()
            live(folder, Path(name) / "played")
        boot = lengthen(Paths(state=folder / "state").ledger, options.times)
        with serving(folder, boot) as hub:
            measure(hub)
    print(f"\nload average {', '.join(f'{value:.1f}' for value in os.getloadavg())}")


def lengthen(path: Path, times: int) -> str:
    """Put a ledger behind itself, so that it is as long as so many; return its newest boot."""
    old = path.rename(path.with_suffix(".once"))
    for each in (old, path):
        open_ledger(each, service=Service.HUB, now=0.0).close()
    with closing(Reader(old)) as reader:
        ((length,),) = reader.rows("SELECT max(time) - min(time) FROM traffic")
        boots = reader.rows("SELECT id, boot_id, anchor FROM boot ORDER BY id")
    days = -(-length // DAY)
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("ATTACH ? AS once", (str(old),))
        for back in range(times - 1, -1, -1):
            for boot, name, anchor in boots:
                again = f"{name}-{back}" if back else name
                row = ledger.execute("INSERT INTO boot (boot_id, anchor) VALUES (?, ?)", (again, anchor))
                copy(ledger, boot, row.lastrowid or 0, back * days * DAY)
        ledger.commit()
    rows = f"{times} times {days:.0f} days, {path.stat().st_size / 1e6:.1f} MB"
    print(f"the ledger: {rows}")
    return str(boots[-1][1])


def copy(ledger: sqlite3.Connection, boot: int, as_boot: int, earlier: float) -> None:
    """Copy what is noted of a boot, as if its clock had shown an earlier time."""
    for (name,) in ledger.execute(FACTS).fetchall():
        columns = [row[1] for row in ledger.execute(f"PRAGMA table_info({name})") if row[1] not in {"id", "boot"}]
        quoted = ", ".join(f'"{column}"' for column in columns)
        ledger.execute(
            f"INSERT INTO {name} (boot, {quoted}) SELECT ?, {quoted} FROM once.{name} WHERE boot = ? ORDER BY id",  # noqa: S608 - our own names
            (as_boot, boot),
        )
    ledger.execute("UPDATE clock SET offset = offset - ? WHERE boot = ?", (earlier, as_boot))


@contextmanager
def serving(folder: Path, boot: str) -> Iterator[Hub]:
    """Serve a house by a hub of its own, and end it."""
    port = 18_480
    file = folder / "earwitness.toml"
    file.write_text(
        f'[capture]\nplacement = "replay"\nfile = "{folder}/none.pcapng"\n'
        f'[paths]\nstate = "{folder}/state"\nrun = "{folder}/run"\nrules = "{folder}/rules.d"\n'
        f'[web]\naddress = "127.0.0.1"\nport = {port}\nhttps = "off"\n'
    )
    accounts = Accounts(folder / "state")
    accounts.users.add("Ada", Role.OWNER, "correct horse battery", 0.0)
    cookie = accounts.sessions.begin("Ada", "bench", time.time())
    command: list[str | Path] = [Path(sys.executable).with_name("earwitness"), "hub", "--settings", str(file)]
    process = subprocess.Popen(command, env={**os.environ, "MALLOC_ARENA_MAX": "2"})  # as the unit has it
    hub = Hub(process, port, cookie, Paths(state=folder / "state").ledger, boot)
    try:
        wait_for(hub)
        yield hub
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(hub: Hub) -> None:
    """Wait until pages are served."""
    for _ in range(600):
        with suppress(OSError):
            get(hub, "/login")
            return
        if hub.process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("the hub does not serve")


def get(hub: Hub, path: str) -> bytes:
    """Get a page as its owner's browser does."""
    headers = {"Cookie": f"earwitness={hub.cookie}", "Accept-Encoding": "gzip"}
    with urlopen(Request(f"{hub.url}{path}", headers=headers), timeout=60) as answer:  # noqa: S310 - our own hub
        return bytes(answer.read())


def measure(hub: Hub) -> None:
    """Print everything."""
    with closing(Reader(hub.ledger)) as reader:
        found = next(each for each in entries(reader) if each.verdict.upload and each.verdict.tell != "nobody")
    device = found.verdict.device
    places = ("/", "/uploads", f"/uploads/{found.id}", "/speakers", f"/speakers/{device}", "/ears", "/alerts")
    fresh = hub.memory
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        rows = [(place, *weigh(browser, hub, place)) for place in (*places, "/health", "/settings", "/api/v1/")]
        browser.close()
    print()
    table(
        ("page", "requests", "kB on the wire", "kB of data", "first byte, ms", "first paint, ms", "worst"), iter(rows)
    )
    crowd(hub)
    print(f"\nthe hub holds {fresh:.0f} MB before the first page, {hub.memory:.0f} MB after all")
    print(f"asked to end with {open_streams(hub)} streams open it took {ended(hub):.2f} s")


def weigh(browser: Browser, hub: Hub, place: str) -> tuple[object, ...]:
    """Return how many requests a page takes, what goes over the wire, and when it is first painted; empty caches."""
    paints: list[float] = []
    answered: list[float] = []
    wire, asked, data = 0.0, 0, 0.0
    for _ in range(PAINTS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "earwitness", "value": hub.cookie, "url": hub.url}])
        page = context.new_page()
        sizes: list[float] = []
        raw: list[float] = []
        network = context.new_cdp_session(page)
        network.on("Network.loadingFinished", lambda told, sizes=sizes: sizes.append(told["encodedDataLength"]))
        network.on("Network.dataReceived", lambda told, raw=raw: raw.append(told["dataLength"]))
        network.send("Network.enable")
        page.goto(f"{hub.url}{place}", wait_until="load")
        page.wait_for_timeout(300)
        paints += page.evaluate(
            "() => performance.getEntriesByName('first-contentful-paint').map((it) => it.startTime)"
        )
        answered += page.evaluate("() => performance.getEntriesByType('navigation').map((it) => it.responseStart)")
        wire, asked, data = sum(sizes) / 1e3, len(sizes), sum(raw) / 1e3
        context.close()
    return asked, f"{wire:.1f}", f"{data:.1f}", f"{median(answered):.0f}", f"{median(paints):.0f}", f"{max(paints):.0f}"


def crowd(hub: Hub) -> None:
    """Let many listen while pages are loaded and words are heard."""
    ends = Event()
    waits: list[float] = []
    turned_away: list[int] = []
    threads = [Thread(target=listen, args=(hub, ends, waits, turned_away), daemon=True) for _ in range(LISTENERS)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    threads.append(Thread(target=talk, args=(hub, ends), daemon=True))
    threads[-1].start()
    loads: dict[str, list[float]] = {"/": [], "/api/v1/status": []}
    busy: dict[str, float] = {}
    for place, took in loads.items():
        used = use(hub.process.pid).cpu
        loaders = [Thread(target=load, args=(hub, place, LOADS // LOADERS, took)) for _ in range(LOADERS)]
        for loader in loaders:
            loader.start()
        for loader in loaders:
            loader.join()
        busy[place] = (use(hub.process.pid).cpu - used) / len(took)
    ends.set()
    for thread in threads:
        thread.join(30)
    listened = f"{LISTENERS - len(turned_away)} of {LISTENERS}"
    rows: list[tuple[object, ...]] = [("an event, from the ledger to a listener", listened, *quantiles(waits), "")]
    rows += [
        (f"GET {place}, {LOADERS} at a time", len(took), *quantiles(took), f"{busy[place] * 1e3:.0f}")
        for place, took in loads.items()
    ]
    print()
    table(("waiting for", "how many", "p50, ms", "p99, ms", "most", "CPU of the hub, ms each"), iter(rows))


def quantiles(times: list[float]) -> tuple[str, ...]:
    """Return the middle, the last but one in a hundred, and the greatest, in milliseconds."""
    ordered = sorted(times) or [float("nan")]
    return tuple(f"{ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3:.0f}" for share in (0.5, 0.99, 1))


def load(hub: Hub, place: str, count: int, took: list[float]) -> None:
    """Load a page again and again."""
    for _ in range(count):
        begun = time.perf_counter()
        get(hub, place)
        took.append(time.perf_counter() - begun)


def talk(hub: Hub, ends: Event) -> None:
    """Have an ear hear words that say when they were written."""
    ledger = open_ledger(hub.ledger, service=Service.EARS, now=0.0)
    boot = ledger.begin(hub.boot, 0.0)
    while not ends.wait(1 / WORDS_A_SECOND):
        ledger.write(boot, [Wake(1e9, "bench", repr(time.time()), 0.9)])
    ledger.close()


def stream(hub: Hub) -> HTTPConnection:
    """Ask for the stream of events."""
    connection = HTTPConnection("127.0.0.1", hub.port, timeout=30)
    connection.request("GET", "/api/v1/events", headers={"Cookie": f"earwitness={hub.cookie}"})
    return connection


def listen(hub: Hub, ends: Event, waits: list[float], turned_away: list[int]) -> None:
    """Note how late each word comes."""
    with closing(stream(hub)) as connection, suppress(OSError, HTTPException):
        answer = connection.getresponse()
        if answer.status != 200:
            turned_away.append(answer.status)
            return
        kind = b""
        while not ends.is_set() and (line := answer.readline()):
            if line.startswith(b"event: "):
                kind = line[7:].strip()
            elif line.startswith(b"data: ") and kind == b"wake":
                waits.append(time.time() - float(json.loads(line[6:])["word"]))


def open_streams(hub: Hub) -> int:
    """Open some streams, and leave them open."""
    time.sleep(16)  # so that those who are gone were noticed
    answers = [(connection, connection.getresponse()) for connection in (stream(hub) for _ in range(LISTENERS))]
    KEPT.extend(connection for connection, _ in answers)
    return sum(answer.status == 200 for _, answer in answers)


#: Connections that stay open until the hub has ended.
KEPT: list[HTTPConnection] = []


def ended(hub: Hub) -> float:
    """Ask the hub to end; return the seconds that it took."""
    begun = time.perf_counter()
    hub.process.send_signal(signal.SIGTERM)
    hub.process.wait(60)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
