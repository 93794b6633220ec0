# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import parse
from appliance.capture.frames import Packets
from appliance.evidence.keep import Keep
from appliance.limits import EVIDENCE_BYTES, EVIDENCE_SPEAKER_BYTES
from tests.evidence.kept import macs_of, pieces
from tests.played import packets_of, part

SPEAKERS = (1, 2, 3)
#: Seconds since the last frame, from and to whom, bytes
FRAMES = st.lists(
    st.tuples(st.floats(0, 20), st.sampled_from((*SPEAKERS, 9)), st.sampled_from((*SPEAKERS, 9)), st.integers(14, 90)),
    max_size=60,
)


def ethernet(told: list[tuple[float, int, int, int]], start: float = 1000.0) -> Packets:
    """Return frames of no known protocol."""
    time = start + np.cumsum([gap for gap, _, _, _ in told])
    frames = [
        target.to_bytes(6, "big") + source.to_bytes(6, "big") + b"\x88\xb5" + bytes(size)
        for _, source, target, size in told
    ]
    length = np.array([len(frame) for frame in frames], np.int64)
    buffer = np.frombuffer(b"".join(frames) + bytes(64), np.uint8)
    return Packets(buffer, np.cumsum(length) - length, length, length, (time * 1e9).astype(np.int64), 1)


def kept(keep: Keep, mac: int) -> list[int]:
    times: list[int] = keep.between(mac, 0.0, 9e9).time.tolist()
    return times


@given(FRAMES, st.integers(1, 9))
def test_the_last_minute_of_each_speaker_is_kept(told: list[tuple[float, int, int, int]], size: int) -> None:
    """Whatever the pieces, all frames from and to a speaker of the minute before the last piece are there, in order."""
    packets, keep = ethernet(told), Keep()
    keep.watch(SPEAKERS)
    for piece in pieces(packets, size):
        keep.feed(parse(piece))
    since = int(packets.time[(len(told) - 1) // size * size]) - 60_000_000_000 if told else 0
    for mac in SPEAKERS:
        mine = [
            time
            for time, (_, source, target, _) in zip(packets.time.tolist(), told, strict=True)
            if mac in (source, target) and time >= since
        ]
        assert [time for time in kept(keep, mac) if time >= since] == mine
    assert keep.dropped == 0


@given(FRAMES, st.integers(1, 9))
def test_nothing_that_is_held_is_forgotten(told: list[tuple[float, int, int, int]], size: int) -> None:
    """Frames from a moment on stay for as long as they are held, and the usual minute stays when they are not."""
    packets, keep = ethernet(told), Keep()
    keep.watch(SPEAKERS)
    keep.hold(1, 1005.0)
    for piece in pieces(packets, size):
        keep.feed(parse(piece))
    mine = [
        time
        for time, (_, source, target, _) in zip(packets.time.tolist(), told, strict=True)
        if 1 in (source, target) and time >= 1005 * 10**9
    ]
    assert [time for time in kept(keep, 1) if time >= 1005 * 10**9] == mine
    keep.hold(1, None)
    keep.feed(parse(ethernet([(0.0, 1, 2, 20)], start=9000.0)))
    assert len(kept(keep, 1)) == 1


@pytest.mark.parametrize("speakers", [1, 8])
def test_memory_is_bounded_and_shared(speakers: int) -> None:
    """Each speaker has an equal share; the oldest frames make room, or the newest if the oldest are held."""
    keep, share = Keep(whole=True), min(EVIDENCE_SPEAKER_BYTES, EVIDENCE_BYTES // speakers)
    keep.watch(range(1, speakers + 1))
    many = ethernet([(0.001, 1, 2, 1400)] * 2000)
    for start in range(3):
        keep.feed(parse(replace(many, time=many.time + start * 2 * 10**9)))
    times = kept(keep, 1)
    assert share - 3000 < sum(keep.between(1, 0.0, 9e9).captured.tolist()) + 16 * len(times) <= share
    assert times[-1] == many.time[-1] + 4 * 10**9
    assert keep.size <= EVIDENCE_BYTES
    assert keep.dropped > 0
    assert not keep.full(1)
    keep.hold(1, 0.0)
    keep.feed(parse(replace(many, time=many.time + 6 * 10**9)))
    assert keep.full(1)
    assert kept(keep, 1)[0] == times[0]


def test_the_headers_say_what_they_said(played: Path) -> None:
    """What is kept parses to the same columns as the whole frames."""
    packets = part(packets_of(played / "capture.pcapng"), 0, 3000)
    frames, keep = parse(packets), Keep()
    mac = int(np.bincount(frames.source.view(np.int64) % (1 << 20)).argmax())
    mac = next(each for each in macs_of(packets) if each % (1 << 20) == mac)
    keep.watch([mac])
    keep.feed(frames)
    mine, again = (frames.source == mac) | (frames.target == mac), parse(keep.between(mac, 0.0, 9e9))
    for name in ("source", "target", "protocol", "target_low", "source_port", "sequence", "flags", "payload"):
        assert getattr(again, name).tolist() == getattr(frames, name)[mine].tolist(), name
    assert len(again) > 100


def test_whole_frames_on_demand(played: Path) -> None:
    """Whoever asks for whole frames has them as they were captured."""
    packets = part(packets_of(played / "capture.pcapng"), 0, 500)
    macs, keep = macs_of(packets), Keep(whole=True)
    keep.watch(macs)
    keep.feed(parse(packets))
    found = {
        (time, found.buffer[at : at + size].tobytes())
        for found in (keep.between(mac, 0.0, 9e9) for mac in macs)
        for time, at, size in zip(found.time.tolist(), found.at.tolist(), found.captured.tolist(), strict=True)
    }
    wanted = zip(packets.time.tolist(), packets.at.tolist(), packets.captured.tolist(), strict=True)
    assert found == {(time, packets.buffer[at : at + size].tobytes()) for time, at, size in wanted}


def test_who_is_a_speaker_may_change() -> None:
    """Frames of a device that is watched no more are dropped, unless they are held; those of others stay."""
    keep = Keep()
    keep.watch((1, 2, 3))
    keep.feed(parse(ethernet([(0.0, 1, 9, 20), (0.1, 2, 9, 20), (0.1, 3, 9, 20)])))
    keep.hold(2, 900.0)
    keep.watch((3,))
    assert [keep.watches(mac) for mac in SPEAKERS] == [False, True, True]
    assert len(kept(keep, 2)) == len(kept(keep, 3)) == 1
