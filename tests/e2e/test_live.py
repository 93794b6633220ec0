# SPDX-License-Identifier: GPL-2.0-or-later
"""What the services find in live frames, against what ``analyze`` finds in the same frames in a file."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from appliance.analysis import Analysis, Heard
from appliance.capture.frames import Packets
from appliance.events import Ear, Placement, Service, Upload
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
SETTLED_S = 14  # after its last frame a capture is judged to the end, by the longest of the rules' windows


class Replayed(NamedTuple):
    """What was found live, and what is found in a file of the same frames."""

    live: Appliance
    file: Report


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


@pytest.fixture(scope="module")
def replayed(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    """A minute of six simulated speakers and two real captures, all at once, judged to its end."""
    folder = tmp_path_factory.mktemp("minute")
    planned = minute(simulated(folder / "play", 45, scenes))
    newcomer = [fact.device for fact in planned.heard.furniture if isinstance(fact, Placement)][NEWCOMER]
    known = [fact for fact in planned.heard.furniture if isinstance(fact, Ear) or fact.device != newcomer]
    planned = Minute(planned.packets, planned.heard._replace(furniture=known), planned.truth)
    with closing(Appliance(folder / "appliance", house.bridge)) as appliance:
        furnish(appliance, known)
        appliance.start(Service.CAPTURE, Service.HUB)
        report = replay(house, appliance, together(planned, *real()))
        over = report.ended_at + SETTLED_S
        until("all to be judged", lambda: (hub := appliance.hub()) and (hub.judged_until or 0) > over)
        yield Replayed(appliance, report)


def compare(replayed: Replayed, *, real: bool) -> int:
    """Compare the uploads of simulated speakers, or of real ones; return how many there are."""
    live, file = (
        sorted((each for each in uploads if (each.flow.device in REAL) is real), key=lambda upload: upload.started_at)
        for uploads in (replayed.live.uploads(), replayed.file.uploads)
    )
    assert [what(upload) for upload in live] == [what(upload) for upload in file]
    for ours, theirs in zip(live, file, strict=True):
        times = (theirs.started_at, theirs.known_at, theirs.ended_at)
        assert (ours.started_at, ours.known_at, ours.ended_at) == pytest.approx(times, abs=NEAR_S)
    return len(file)


def what(upload: Upload) -> tuple[object, ...]:
    """Return what must be the same of an upload."""
    return (upload.flow, upload.detectors, upload.signature, upload.role)


def lost(appliance: Appliance) -> list[int]:
    """Return how many frames the capture lost, and each of its ports."""
    status = appliance.capture()
    assert status is not None
    return [status.lost, *(port.dropped for port in status.ports)]


def test_a_simulated_minute(replayed: Replayed) -> None:
    """Live uploads of simulated speakers are those that analyze finds: flow, detectors, signature, and times."""
    assert compare(replayed, real=False) >= 10


def test_real_captures(replayed: Replayed, shared: Path) -> None:
    """Live uploads of real speakers are those that analyze finds: flow, detectors, signature, and times."""
    assert shared.is_dir()
    assert compare(replayed, real=True) >= 2


def test_the_verdicts(replayed: Replayed) -> None:
    """Each upload, and each wake word without one, gets the verdict that analyze gives."""
    live, file = (
        sorted((each.verdict, each.tell, str(each.device), str(each.upload and each.upload.flow)) for each in verdicts)
        for verdicts in (replayed.live.verdicts(), replayed.file.verdicts)
    )
    assert live == file
    told = {"called", "follow_up", "unexplained_speech", "unexplained_silence", "other_wake", "silent_speaker"}
    assert told <= {verdict for verdict, *_ in live}


def test_no_frame_is_lost(replayed: Replayed) -> None:
    """The kernel's counters say that no frame was lost."""
    assert lost(replayed.live) == [0, 0, 0]


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
