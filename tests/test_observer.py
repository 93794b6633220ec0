# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.capture import open_capture, parse
from appliance.capture.frames import Packets
from appliance.events import Device, ExposureKind, Glimpse, Loss, Reply, Upload
from appliance.observer import Observed, Observer
from appliance.rules import load_rules
from appliance.sightings import Sightings
from tests.played import packets_of, part


@pytest.fixture(scope="module")
def packets(played: Path) -> Packets:
    return packets_of(played / "capture.pcapng")


def told(found: list[Observed]) -> list[str]:
    return sorted(repr(fact) for fact in found if isinstance(fact, Upload | Reply | Loss))


def test_time_that_passes_between_frames_makes_no_difference(packets: Packets) -> None:
    """Advancing to any time before the next frame changes nothing that is told, and nothing is told later for it."""
    calm, nervous = (Observer(load_rules(None), Sightings().feed) for _ in range(2))
    expected = [*calm.feed(parse(packets)), *calm.finish()]
    found: list[Observed] = []
    for first in range(0, len(packets.at), 500):
        chunk = part(packets, first, first + 500)
        found += nervous.advance((float(chunk.time[0]) - 1000) / 1e9)
        found += nervous.feed(parse(chunk))
    assert told(found + list(nervous.finish())) == told(expected)
    assert told(expected)


def test_an_upload_ends_though_no_frame_comes_any_more(packets: Packets) -> None:
    """When nothing but time passes, what was open is completed, at the time at which it was known to be over."""
    observer = Observer(load_rules(None), Sightings().feed)
    found: list[Observed] = []
    for first in range(0, len(packets.at), 100):
        found += observer.feed(parse(part(packets, first, first + 100)))
        if found and isinstance(found[-1], Upload) and found[-1].ended_at is None:
            break
    last = observer.now
    found = list(observer.advance(last + 30))
    completed = [fact for fact in found if isinstance(fact, Upload)]
    assert [upload.ended_at is not None and upload.ended_at <= last for upload in completed] == [True]
    assert observer.now == pytest.approx(last + 30)


def test_sightings_may_come_later(packets: Packets) -> None:
    """Frames that somebody else dissects give the same devices, once what they show is told."""
    inline = Observer(load_rules(None), Sightings().feed)
    waiting: list[Glimpse] = []

    def later(glimpse: Glimpse) -> tuple[()]:
        waiting.append(glimpse)
        return ()

    deferred = Observer(load_rules(None), later)
    for observer in (inline, deferred):
        list(observer.feed(parse(packets)))
    assert waiting
    dissected = [sighting for glimpse in waiting for sighting in Sightings().feed(glimpse)]
    devices = [device for sighting in dissected for device in deferred.see(sighting)]
    assert all(isinstance(device, Device) for device in devices)
    described = (
        {device.device: (device.speaker, device.name) for device in each.devices()} for each in (inline, deferred)
    )
    assert next(described) == next(described)


def test_what_bounds_turn_away_is_counted(packets: Packets) -> None:
    """An ordinary morning overflows nothing."""
    observer = Observer(load_rules(None), Sightings().feed)
    list(observer.feed(parse(packets)))
    assert observer.shed() == {}


def test_what_a_real_echo_lets_others_read(shared: Path) -> None:
    """Its names by DNS, the checks for the internet that it makes in plain text with its model in them, TLS 1.2."""
    observer = Observer(load_rules(None), Sightings().feed)
    with open_capture(shared / "corpus/echo-home-a/what_time_is_sunset_5.pcap") as capture:
        for chunk in capture:
            list(observer.feed(parse(chunk)))
    list(observer.finish())
    speakers = [device.device for device in observer.devices() if device.speaker]
    assert {(each.kind, each.value) for each in observer.exposures.take(speakers)} == {
        (ExposureKind.DNS, ""),
        (ExposureKind.TLS, "TLS 1.2"),
        (ExposureKind.IDENTIFIER, "model-in-plain"),
        (ExposureKind.PLAIN, "d3p8zr0ffa9t17.cloudfront.net"),
        (ExposureKind.PLAIN, "spectrum.s3.amazonaws.com"),
    }
