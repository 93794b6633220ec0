# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.health.frames import LostFrames
from appliance.limits import LOSS_CALM_S
from appliance.status import PortStatus
from tests.health.readings import START, capture, reading


def lost(frames: LostFrames, time: float, count: int, **said: object) -> list[object]:
    """Return the frames lost in this episode, as told, with the capture's counter at ``count``."""
    return [each.figures[0].value for each in frames.feed(reading(time, capture=capture(time, lost=count, **said)))]


def test_losses_are_summed_up_until_they_stop() -> None:
    """What is lost counts from when the hub began to look, and is over when nothing more was lost for a while."""
    frames = LostFrames()
    assert lost(frames, START, 7) == []
    assert lost(frames, START + 1, 7) == []
    assert lost(frames, START + 2, 10) == [3]
    assert lost(frames, START + 3, 12) == [5]
    assert lost(frames, START + 3 + LOSS_CALM_S, 12) == [5]
    assert lost(frames, START + 4 + LOSS_CALM_S, 12) == []
    assert lost(frames, START + 5 + LOSS_CALM_S, 13) == [1]


def test_a_capture_that_started_again_counts_from_nothing() -> None:
    """A smaller counter of a new run is no gain, and all it says is new."""
    frames = LostFrames()
    lost(frames, START, 100)
    assert lost(frames, START + 1, 4, started_at=START + 0.5) == [4]


def test_full_rings_are_named() -> None:
    """The port whose ring was full is among the figures."""
    frames = LostFrames()
    lost(frames, START, 0)
    ports = (PortStatus(interface="eth1", present=True, up=True, carrier=True, dropped=3),)
    (trouble,) = frames.feed(reading(START + 1, capture=capture(START + 1, lost=3, ports=ports)))
    assert trouble.text.startswith("3 frames ")
    assert [(each.key, each.value) for each in trouble.figures] == [("lost", 3), ("ring_full", 3)]


def test_without_a_capture_nothing_is_known() -> None:
    """A capture that is gone loses no frames; that it is gone is told elsewhere."""
    frames = LostFrames()
    lost(frames, START, 0)
    lost(frames, START + 1, 5)
    assert list(frames.feed(reading(START + 2, capture=None))) == []
