# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import numpy as np
import pytest

from appliance.capture import NotACapture
from appliance.limits import REPLAY_PACKETS, REPLAY_S
from appliance.live.replay import Replay
from appliance.live.source import Batch
from appliance.settings import CaptureSettings, Placement
from tests.played import packets_of


def replay(path: Path, speed: float = 0) -> Replay:
    return Replay(CaptureSettings(placement=Placement.REPLAY, file=path, speed=speed))


def batches(source: Replay) -> list[Batch]:
    found = []
    while (batch := source.read()) is not None:
        found.append(batch)
    return found


def test_every_packet_comes_once_in_small_portions(played: Path) -> None:
    """A replay gives the file's packets in order, in portions bounded in number and time, and says how far it is."""
    packets = packets_of(played / "capture.pcapng")
    source = replay(played / "capture.pcapng")
    given = batches(source)
    source.close()
    assert (np.concatenate([batch.packets.time for batch in given]) == packets.time).all()
    assert max(len(batch.packets.at) for batch in given) <= REPLAY_PACKETS
    assert max(np.ptp(batch.packets.time) for batch in given) <= REPLAY_S * 1e9
    assert [batch.until for batch in given] == sorted(batch.until for batch in given)
    assert given[-1].until == pytest.approx(packets.time.max() / 1e9)
    assert source.ports()[0].packets == len(packets.at)


def test_at_its_own_speed_only_what_is_due_comes(played: Path) -> None:
    """What lies in the future of the replay waits, and the time goes on without packets."""
    source = replay(played / "capture.pcapng", speed=1e-3)
    first, second = source.read(), source.read()
    source.close()
    assert first is not None
    assert second is not None
    assert source.since <= first.until <= second.until < source.since + 1
    due = packets_of(played / "capture.pcapng").time <= first.until * 1e9
    assert len(first.packets.at) == due.sum()


def test_what_is_no_capture_is_refused(tmp_path: Path) -> None:
    """A file that cannot be replayed is told before anything starts."""
    (tmp_path / "day.pcap").write_text("not packets at all")
    with pytest.raises(NotACapture):
        replay(tmp_path / "day.pcap")
