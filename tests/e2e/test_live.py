# SPDX-License-Identifier: GPL-2.0-or-later
"""What the services find in live frames, against what ``analyze`` finds in the same frames in a file."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from appliance.analysis import Analysis, Heard
from appliance.capture.frames import Packets
from appliance.events import Ear, Placement, Service, Upload, Verdict
from appliance.report.model import Report
from appliance.rules import load_rules
from appliance.simulate.behaviours import voice
from appliance.simulate.speaker import Speaker
from appliance.speakers.registry import Registry
from tests.conftest import ROOT
from tests.e2e.bulk import Bulk
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive, arrive_and_talk, at, minute, simulated, soon, together
from tests.e2e.recorder import Recorder
from tests.played import packets_of, part, pcap_bytes

CORPUS = ROOT.parent / "shared" / "corpus"
REAL = {"4c:ef:c0:03:f2:38", "68:db:f5:90:19:64", "fc:65:de:5f:15:0a"}
NEWCOMER = 0  # a speaker that the registry does not know
NEAR_S = 0.05
SAID_S = 0.2  # an upload begins with its connection, as far as that was opened for it


def scenes(speakers: list[Speaker]) -> None:
    """Let speakers be called, misled, and talk by themselves, at once."""
    arrive(speakers)
    kitchen, living, bedroom, study, hall, nursery = speakers
    at(kitchen, 6, voice.command)
    at(bedroom, 12, voice.silence)
    at(study, 8, voice.command)
    at(hall, 10, voice.command)
    at(living, 16, voice.unexplained)
    at(nursery, 14, voice.false_wake)
    at(study, 20, voice.muted)
    at(bedroom, 26, voice.other_wake)
    at(nursery, 23, voice.command)
    at(kitchen, 32, voice.command)
    at(living, 29, voice.false_wake)
    at(kitchen, 38, voice.follow_up)


def real() -> list[Packets]:
    """Return the first seconds of a real capture, and a whole one."""
    if not CORPUS.is_dir():
        return []
    home = packets_of(CORPUS / "echo-home-a" / "how_old_are_you_5.pcap")
    return [
        part(home, 0, int(np.searchsorted(home.time, home.time[0] + 45_000_000_000))),
        packets_of(CORPUS / "echo-dot-3" / "activation.pcap"),
    ]


def furnish(appliance: Appliance, known: Sequence[Ear | Placement]) -> None:
    """Write into the registry what the household says of ears and speakers."""
    with closing(Registry(appliance.settings.paths.registry, 0.0)) as registry:
        for fact in known:
            if isinstance(fact, Ear):
                registry.put_ear(fact.ear, fact.room)
            else:
                said = {"room": fact.room, "wake_words": fact.wake_words, "status": "confirmed"}
                registry.correct(fact.device, said)
        for mac in REAL:
            registry.correct(mac, {"status": "confirmed"})


def analysed(frames: Packets, folder: Path, heard: Heard) -> Report:
    """Return what ``analyze`` says of frames, and of what was heard."""
    path = folder / "frames.pcap"
    path.write_bytes(b"".join(pcap_bytes(frames)))
    analysis = Analysis(load_rules(), heard)
    analysis.read(path, path.name, lambda *_: None)
    (report,) = analysis.reports()
    return report


def replay(house: House, appliance: Appliance, planned: Minute) -> Report:
    """Play a minute on the wires; return what analyze says of the frames at the bridge."""
    begin = soon()
    happens = planned.moved(appliance.steady(begin))
    appliance.hear(happens.heard.sounds)
    with Recorder(house, appliance.boot) as recorder:
        played = Playing(happens, house.wires(), begin).finish()
    report = analysed(recorder.frames(), appliance.folder, happens.heard)
    assert (played.refused, report.packets) == (0, played.frames)
    for device, start in happens.truth:
        assert any(near(upload, device, start, SAID_S + played.late) for upload in report.uploads), (device, start)
    return report


def near(upload: Upload, device: str, start: float, late: float) -> bool:
    """Say whether it is the upload that a device began then."""
    return upload.flow.device == device and abs(upload.started_at - start) <= late


def same_uploads(ours: Sequence[Upload], theirs: Sequence[Upload]) -> None:
    """Compare uploads: on which flow, by which detectors, when."""
    live, file = (sorted(uploads, key=lambda upload: upload.started_at) for uploads in (ours, theirs))
    assert [what(upload) for upload in live] == [what(upload) for upload in file]
    for one, other in zip(live, file, strict=True):
        times = (other.started_at, other.known_at, other.ended_at)
        assert (one.started_at, one.known_at, one.ended_at) == pytest.approx(times, abs=NEAR_S)


def words(verdicts: Sequence[Verdict]) -> list[tuple[str, ...]]:
    """Return what must be the same of verdicts."""
    return sorted(
        (each.verdict, each.tell, str(each.device), str(each.upload and each.upload.flow)) for each in verdicts
    )


def what(upload: Upload) -> tuple[object, ...]:
    """Return what must be the same of an upload."""
    return (upload.flow, upload.detectors, upload.signature, upload.role)


def lost(appliance: Appliance) -> list[int]:
    """Return how many frames the capture lost, and each of its ports."""
    status = appliance.capture()
    assert status is not None
    return [status.lost, *(port.dropped for port in status.ports)]


def test_a_busy_minute(house: House, appliance: MakeAppliance, tmp_path: Path) -> None:
    """Live uploads and verdicts are those that analyze finds, of simulated speakers, and of real ones if there are any.

    Six simulated speakers and two real captures, all at once; not one frame of theirs is lost.
    """
    planned = minute(simulated(tmp_path / "play", 45, scenes))
    newcomer = [fact.device for fact in planned.heard.furniture if isinstance(fact, Placement)][NEWCOMER]
    known = [fact for fact in planned.heard.furniture if isinstance(fact, Ear) or fact.device != newcomer]
    planned.heard = planned.heard._replace(furniture=known)
    ours = appliance()
    furnish(ours, known)
    ours.start(Service.CAPTURE, Service.HUB)
    report = replay(house, ours, together(planned, *real()))
    until("all to be judged", partial(ours.judged, report.ended_at))
    same_uploads(ours.uploads(), report.uploads)
    assert sum(upload.flow.device in REAL for upload in report.uploads) == (2 if CORPUS.is_dir() else 0)
    live, file = words(ours.verdicts()), words(report.verdicts)
    assert live == file
    told = {"called", "follow_up", "unexplained_speech", "unexplained_silence", "other_wake", "silent_speaker"}
    assert told <= {verdict for verdict, *_ in live}
    assert lost(ours) == [0, 0, 0]


def test_under_bulk_traffic(house: House, appliance: MakeAppliance, tmp_path: Path) -> None:
    """While other hosts send as fast as the machine can, no speaker's frame is lost, and each upload is found."""
    ours = appliance()
    planned = minute(simulated(tmp_path / "play", 14, arrive_and_talk))
    furnish(ours, planned.heard.furniture)
    ours.start(Service.CAPTURE)
    with closing(Bulk(house)) as bulk:
        before = bulk.taken()
        begin = soon(1.0)
        happens = planned.moved(ours.steady(begin))
        late = Playing(happens, house.wires(), begin).finish().late
        assert bulk.taken() - before > 200_000_000, "that was no bulk"
    assert ours.end(Service.CAPTURE)[0] == 0
    assert lost(ours) == [0, 0, 0]
    assert len(happens.truth) >= 5
    for device, start in happens.truth:
        assert any(near(upload, device, start, SAID_S + late) for upload in ours.uploads()), (device, start)


@pytest.mark.skipif(not os.environ.get("EARWITNESS_CORPUS"), reason="takes seven minutes: EARWITNESS_CORPUS=1 plays it")
def test_the_whole_corpus(house: House, appliance: MakeAppliance, tmp_path: Path) -> None:
    """Live uploads and verdicts are those of analyze for all real captures at once, each of a device of its own."""
    captures = [of_its_own(packets_of(path), number) for number, path in enumerate(sorted(CORPUS.rglob("*.pcap")))]
    planned = together(minute(simulated(tmp_path / "play", 45, arrive)), *captures)
    ours = appliance()
    placed = [Placement(own_mac(number), None) for number in range(len(captures))]
    planned.heard = planned.heard._replace(furniture=[*planned.heard.furniture, *placed])
    furnish(ours, planned.heard.furniture)
    ours.start(Service.CAPTURE, Service.HUB)
    report = replay(house, ours, planned)
    until("all to be judged", partial(ours.judged, report.ended_at))
    same_uploads(ours.uploads(), report.uploads)
    assert words(ours.verdicts()) == words(report.verdicts)
    assert len({upload.flow.device for upload in report.uploads}) == len(captures)
    assert lost(ours) == [0, 0, 0]


def own_mac(number: int) -> str:
    """Return the address of a made-up device."""
    return f"02:ec:00:00:00:{number:02x}"


def of_its_own(packets: Packets, number: int) -> Packets:
    """Return packets as if they were another device's than those of the other captures of one speaker."""
    buffer, own = packets.buffer.copy(), np.frombuffer(bytes.fromhex(own_mac(number).replace(":", "")), np.uint8)
    real = np.array([[int(byte, 16) for byte in mac.split(":")] for mac in sorted(REAL)], np.uint8)
    for place in (packets.at, packets.at + 6):
        addresses = buffer[place[:, None] + np.arange(6)]
        theirs = (addresses[:, None, :] == real).all(axis=2).any(axis=1)
        buffer[place[theirs][:, None] + np.arange(6)] = own
    return replace(packets, buffer=buffer)
