# SPDX-License-Identifier: GPL-2.0-or-later
"""What upkeep costs on a ledger of years: how long forgetting holds it, retention, a look through, a backup, a restore.

python -m bench.upkeep [--days N]
"""

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from threading import Event, Thread

from appliance.events import CAPTURE, Correction, Coverage, Loss, Role, Service, Speech, Traffic
from appliance.household import Household, Privacy
from appliance.hub.clearing import Clearing, Reached
from appliance.ledger import HUB, Fact, Ledger, Span, clear, drop, next_batch, note_forgotten, open_ledger
from appliance.settings import Paths, Settings
from appliance.upkeep.backup import backup
from appliance.upkeep.copies import look_through
from appliance.upkeep.restore import stage
from tests.ledger.facts import ECHO, announced, completed, verdict

DAY = 86_400.0
WORDS = "correct horse battery staple"


def seen(days: int) -> Iterator[Fact]:
    """Yield what the capture tells: 40 uploads a day, coverage every 5 min, eight devices by the minute for 60 days."""
    yield Correction(0.0, 0.0, synchronised=True)
    for day in range(days):
        for number in range(40):
            at = day * DAY + number * 2_000.0
            yield announced(at)
            yield completed(at)
        for number in range(288):
            yield Coverage(day * DAY + number * 300.0, day * DAY + number * 300.0 + 300, CAPTURE)
        if day >= days - 60:
            for minute in range(1_440):
                for device in range(8):
                    yield Traffic(day * DAY + minute * 60.0, f"{ECHO[:-1]}{device}", Role.VOICE, 1, 1, 1)


def heard(days: int) -> Iterator[Fact]:
    """Yield what two ears tell: 500 stretches of speech a day, coverage every 5 min."""
    for day in range(days):
        for number in range(500):
            yield Speech(day * DAY + number * 170.0, day * DAY + number * 170.0 + 9, "hall")
        for number in range(288):
            for ear in ("hall", "kitchen"):
                yield Coverage(day * DAY + number * 300.0, day * DAY + number * 300.0 + 300, ear)


def fill(path: Path, days: int) -> int:
    """Write all of it; return the boot."""
    boot = 0
    told = {
        Service.CAPTURE: seen(days),
        Service.EARS: heard(days),
        Service.HUB: (verdict(completed(day * DAY + number * 2_000.0)) for day in range(days) for number in range(40)),
    }
    for service, facts in told.items():
        with closing(open_ledger(path, service=service, now=0.0)) as ledger:
            boot = ledger.begin("bench", 0.0)
            while some := list(islice(facts, 20_000)):
                ledger.write(boot, some)
    return boot


@contextmanager
def capturing(path: Path, boot: int) -> Iterator[list[float]]:
    """Have the capture write a fact 20 times a second; give the seconds that each took, sorted at the end."""
    writes, over = list[float](), Event()

    def capture() -> None:
        with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger:
            while not over.wait(0.05):
                writes.append(_timed(ledger, boot))

    thread = Thread(target=capture)
    thread.start()
    try:
        yield writes
    finally:
        over.set()
        thread.join()
        writes.sort()


def forget(path: Path, boot: int, span: Span) -> tuple[int, list[float], list[float]]:
    """Forget a stretch while the capture goes on writing; return batches' and writes' seconds."""
    batches, rows = list[float](), 0
    with (
        capturing(path, boot) as writes,
        closing(open_ledger(path, service=Service.HUB, now=0.0)) as ledger,
        closing(ledger.reader()) as reader,
    ):
        note_forgotten(ledger, span, 0.0)
        begun = time.perf_counter()
        while batch := next_batch(reader, span):
            drop(ledger, batch)
            rows += len(batch.ids)
            batches.append(time.perf_counter() - begun)
            time.sleep(0.02)  # as between two steps of the hub
            begun = time.perf_counter()
        clear(ledger, span, boot)
    return rows, sorted(batches), writes


def retain(paths: Paths, boot: int, days: int) -> tuple[list[tuple[str, float]], list[float]]:
    """Run the job of retention until nothing is left, in a house that chose 30 days; return its words and seconds."""
    household, times = Household(paths.household), list[tuple[str, float]]()
    household.change(privacy=Privacy(keep_days=30, traffic_days=30))
    with closing(open_ledger(paths.ledger, service=Service.HUB, now=0.0)) as ledger:
        ledger.write(boot, [Coverage(0.0, days * DAY, HUB)])
    reached = Reached(boot, days * DAY)
    job = Clearing(
        Settings(paths=paths),
        household,
        lambda: open_ledger(paths.ledger, service=Service.HUB, now=0.0),
        lambda: reached,
    )
    with capturing(paths.ledger, boot) as writes:
        while not times or not times[-1][0].startswith("dropped 0 "):
            begun = time.perf_counter()
            times.append((job.facts(), time.perf_counter() - begun))
    return times, writes


def _timed(ledger: Ledger, boot: int) -> float:
    begun = time.perf_counter()
    ledger.write(boot, [Loss(1e9, 1e9, None, "frames", 1)])
    return time.perf_counter() - begun


def _shown(spans: list[float]) -> str:
    return f"{spans[len(spans) // 2] * 1e3:.1f} ms, worst {spans[-1] * 1e3:.0f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=400)
    days = parser.parse_args().days
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(state=Path(folder), run=Path(folder), rules=Path(folder))
        boot = fill(paths.ledger, days)
        print(f"{days} days: {paths.ledger.stat().st_size / 1e6:.0f} MB")
        for what, span in (("a day", Span((days - 30) * DAY, (days - 29) * DAY)), ("10 days", Span(0.0, 10 * DAY))):
            begun = time.perf_counter()
            rows, batches, writes = forget(paths.ledger, boot, span)
            took = time.perf_counter() - begun
            print(f"forget {what}: {rows} rows in {took:.1f} s, {len(batches)} batches of {_shown(batches)}")
            print(f"  one write of the capture's meanwhile: {_shown(writes)}")
        begun = time.perf_counter()
        print(f"look through: {look_through(paths)}, {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        raw = io.BytesIO()
        for chunk in backup(Path(folder, "none.toml"), paths, WORDS, 0.0):
            raw.write(chunk)
        print(f"backup: {time.perf_counter() - begun:.1f} s, {raw.tell() / 1e6:.0f} MB")
        raw.seek(0)
        begun = time.perf_counter()
        stage(raw, WORDS, paths)
        print(f"restore, checked and laid ready: {time.perf_counter() - begun:.1f} s")
        times, writes = retain(paths, boot, days)
        for words, took in times:
            print(f"retention: {words}, {took:.1f} s")
        print(f"  one write of the capture's meanwhile: {_shown(writes)}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"most memory: {peak:.0f} MB, with the backup's {raw.getbuffer().nbytes / 1e6:.0f} MB in it")


if __name__ == "__main__":
    main()
