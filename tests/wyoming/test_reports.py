# SPDX-License-Identifier: GPL-2.0-or-later
"""Satellites as they are, by the library of the protocol: they forward their events to the address they were given."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from appliance.clocks import Boot, read_clocks
from appliance.commands.services import opened_in
from appliance.events import Coverage, Service, Wake
from appliance.ledger import Reader
from appliance.ledger.rows import COVERAGES, WAKE
from appliance.limits import WYOMING_WAKES
from appliance.rules import load_rules
from appliance.settings import Paths, Settings
from appliance.status import EarStatus, read_status
from appliance.wyoming.reports import SERVICE, Reports
from tests.wyoming.test_door import free_port

client = pytest.importorskip("wyoming.client", reason="the library is not installed: uv sync")
wake = pytest.importorskip("wyoming.wake")
audio = pytest.importorskip("wyoming.audio")

BOOT = Boot("here", 0)


class Satellite:
    """One that forwards its events, with the library's client, in a loop of its own."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._client = client.AsyncClient.from_uri(f"tcp://127.0.0.1:{port}")
        self.do(self._client.connect())

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Have it done, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def detect(self, name: str) -> None:
        """Tell that it heard a word."""
        self.do(self._client.write_event(wake.Detection(name=name, timestamp=7).event()))

    def send_sound(self) -> None:
        """Send what it hears."""
        self.do(self._client.write_event(audio.AudioChunk(16_000, 2, 1, bytes(2048)).event()))

    def close(self) -> None:
        """Leave."""
        self.do(self._client.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class House:
    """The reports of a hub with one satellite in its settings, and a ledger."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        wyoming = [{"name": "kitchen", "host": "127.0.0.1", "port": self.port, "room": "kitchen"}]
        paths = Paths(state=folder, run=folder, rules=folder / "rules.d")
        self.settings = Settings.model_validate({"ears": {"wyoming": wyoming}, "paths": paths})
        self.now = BOOT.steady(read_clocks())
        self.closed = False
        self.reports = Reports(
            self.settings, load_rules(None), BOOT, partial(opened_in, self.settings, Service.EARS, BOOT)
        )
        self.until(lambda: self.state == "not connected")

    def close(self) -> None:
        """End, once."""
        if not self.closed:
            self.reports.close(self.now)
        self.closed = True

    def until(self, so: Callable[[], bool]) -> None:
        """Take steps, a tenth of a second each by the house's clock, until something is ``so``."""
        deadline = time.monotonic() + 30
        while True:
            self.now += 0.1
            self.reports.step(self.now)
            if so():
                return
            assert time.monotonic() < deadline, self.state
            time.sleep(0.005)

    @property
    def state(self) -> str:
        """What the status file says of the satellite."""
        status = read_status(self.settings.paths.run, SERVICE, EarStatus)
        ear = status.ears.get("wyoming:kitchen") if status else None
        return ear.state if ear else "not connected"

    def wakes(self) -> list[Wake]:
        """The wake words in the ledger."""
        with closing(Reader(self.settings.paths.ledger)) as reader:
            return [fact for _, fact in reader.facts(WAKE)]

    def coverage(self) -> list[Coverage]:
        """The coverage of ears in the ledger."""
        with closing(Reader(self.settings.paths.ledger)) as reader:
            return [fact for _, fact in reader.facts(COVERAGES[Service.EARS])]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture
def satellite(house: House) -> Iterator[Satellite]:
    made = Satellite(house.port)
    yield made
    made.close()


def test_a_word_that_a_satellite_heard_is_in_the_ledger(house: House, satellite: Satellite) -> None:
    """Its detection is a wake word of that ear, at the time at which it came; sound that it sends is passed over."""
    house.until(lambda: house.state == "connected")
    satellite.send_sound()
    since = house.now
    satellite.detect("alexa_v0.1")
    house.until(lambda: bool(house.wakes()))
    [told] = house.wakes()
    assert (told.ear, told.word, told.near_miss) == ("wyoming:kitchen", "alexa", False)
    assert since < told.time <= house.now


def test_its_connection_is_its_coverage(house: House) -> None:
    """It is covered while it is there, and not while it is gone."""
    for _ in range(2):
        satellite = Satellite(house.port)
        house.until(lambda: house.state == "connected")
        enough = house.now + 5
        house.until(lambda enough=enough: house.now > enough)  # type: ignore[misc]
        satellite.close()
        house.until(lambda: house.state == "not connected")
    house.close()
    covered = sorted(house.coverage(), key=lambda each: each.time)
    assert {each.source for each in covered} == {"wyoming:kitchen"}
    assert sum(each.ended_at - each.time for each in covered) > 6
    assert sum(after.time > before.ended_at + 1 for before, after in pairwise(covered)) == 1


def test_nonsense_ends_a_connection_and_no_more(house: House, satellite: Satellite) -> None:
    """A satellite that says nonsense is turned out, and heard again when it comes again."""
    house.until(lambda: house.state == "connected")
    satellite.do(_say(satellite, b"\x00\xff nonsense\n"))
    house.until(lambda: house.state == "not connected")
    again = Satellite(house.port)
    again.detect("computer")
    house.until(lambda: bool(house.wakes()))
    again.close()


def test_what_was_turned_away_is_shown(house: House, satellite: Satellite) -> None:
    """Words beyond what people say, as of a satellite that hangs, are counted in the status."""
    house.until(lambda: house.state == "connected")
    for _ in range(WYOMING_WAKES + 5):
        satellite.detect("alexa")

    def told() -> str:
        status = read_status(house.settings.paths.run, SERVICE, EarStatus)
        return status.state if status else ""

    house.until(lambda: told() == "listening; wake words too many: 5")
    assert len(house.wakes()) == WYOMING_WAKES


async def _say(satellite: Satellite, raw: bytes) -> None:
    writer = vars(satellite)["_client"]._writer
    writer.write(raw)
    await writer.drain()
