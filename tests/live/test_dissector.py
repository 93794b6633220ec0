# SPDX-License-Identifier: GPL-2.0-or-later
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from appliance.events import Glimpse, Sighting
from appliance.live import dissector
from appliance.live.dissector import Dissector
from appliance.sightings import Sightings
from tests.sightings.frames import dhcp, glimpse, multicast, offer

FRAMES = [glimpse(dhcp(("hostname", b"amazon-1"))), glimpse(multicast(offer("_googlecast._tcp", "fn=Kitchen")))]
PATIENCE_S = 60


@pytest.fixture
def dissecting() -> Iterator[Dissector]:
    with closing(Dissector()) as one:
        yield one


def sightings(one: Dissector, count: int) -> list[Sighting]:
    found: list[Sighting] = []
    end = time.monotonic() + PATIENCE_S
    while len(found) < count and time.monotonic() < end:
        found += one.ready()
    return found


def test_what_frames_show_comes_later_and_in_order(dissecting: Dissector) -> None:
    """Whoever gives a frame does not wait; the sightings are those that dissection in place gives."""
    inline = Sightings()
    expected = [sighting for frame in FRAMES for sighting in inline.feed(frame)]
    assert all(dissecting.feed(frame) == () for frame in FRAMES)
    assert sightings(dissecting, len(expected)) == expected


def test_a_process_that_dies_is_replaced(dissecting: Dissector, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that ends the dissecting process is counted, and the next one finds another process."""
    start = dissector._start
    dead = start()
    dead.kill()
    dead.wait()
    processes = iter([dead])
    monkeypatch.setattr(dissector, "_start", lambda: next(processes, None) or start())
    dissecting.feed(FRAMES[0])
    dissecting.feed(FRAMES[1])
    assert sightings(dissecting, 1)
    assert dissecting.failed == 1


def test_a_flood_of_frames_is_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames that find no room are counted, and nobody waits for them."""
    monkeypatch.setattr(dissector, "GLIMPSES_WAITING", 4)
    with closing(Dissector()) as one:
        for number in range(200):
            one.feed(Glimpse(float(number), "aa:bb:cc:00:11:22", 1, b"nonsense"))
        assert one.dropped > 100


def test_closing_finishes_what_waits() -> None:
    """A frame that was taken before the end is dissected before it."""
    one = Dissector()
    one.feed(FRAMES[0])
    one.close()
    assert one.ready()
