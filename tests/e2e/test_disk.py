# SPDX-License-Identifier: GPL-2.0-or-later
"""Disks that are full, or that turn read-only: the services go on, say so, and keep what they saw."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from appliance.events import Service
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive_and_talk, minute, simulated, soon

BOTH = (Service.CAPTURE, Service.HUB)
SECONDS = 11


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Minute:
    """Some seconds in which six speakers arrive and are called."""
    return minute(simulated(tmp_path_factory.mktemp("play") / "play", SECONDS, arrive_and_talk))


def mount(disk: Path, *options: str) -> None:
    """Mount a disk, or skip where that is not allowed."""
    disk.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", *options, disk], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """The appliance's state, on a disk of four megabytes."""
    disk = tmp_path / "appliance" / "state"
    mount(disk, "-t", "tmpfs", "-o", "size=4m", "none")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; return what fills it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return ballast


def complains(appliance: Appliance, service: Service, words: str) -> bool:
    """Say whether a service that runs has these words in its status."""
    status = appliance.status(service) if appliance.at_work(service) else None
    return status is not None and words in status.state


def play(house: House, appliance: Appliance, talking: Minute) -> tuple[Minute, Playing]:
    """Play it; return it as it happens."""
    begin = soon()
    happens = talking.moved(appliance.steady(begin))
    return happens, Playing(happens, house.wires(), begin)


def found(appliance: Appliance, happened: Minute) -> bool:
    """Say whether all uploads that happened are in the ledger, and judged."""
    uploads, judged = appliance.uploads(), {verdict.upload.key for verdict in appliance.verdicts() if verdict.upload}
    begun = [(upload.flow.device, upload.started_at) for upload in uploads]
    told = (any(who == device and abs(at - start) < 1 for who, at in begun) for device, start in happened.truth)
    return all(told) and judged == {upload.key for upload in uploads}


def test_a_full_disk(house: House, appliance: MakeAppliance, talking: Minute, state: Path) -> None:
    """Both go on and say so; when there is room again, all that was seen meanwhile is written, and judged."""
    ours = appliance(watch="everything")
    ours.start(*BOTH)
    ballast = fill(state)
    happened, playing = play(house, ours, talking)
    until("the capture to say so", lambda: complains(ours, Service.CAPTURE, "the disk is full"))
    playing.finish()
    assert len(ours.uploads()) < len(happened.truth)
    ballast.unlink()
    until("what was seen", lambda: found(ours, happened))
    until("the complaint to end", lambda: complains(ours, Service.CAPTURE, "watching"))
    until("the complaint to end", lambda: complains(ours, Service.HUB, "judging"))


def test_asked_to_end_on_a_full_disk(house: House, appliance: MakeAppliance, talking: Minute, state: Path) -> None:
    """Asked to end, both end with exit code 0, and their last status says what could not be written."""
    ours = appliance(watch="everything")
    ours.start(*BOTH)
    fill(state)
    _, playing = play(house, ours, talking)
    until("the capture to say so", lambda: complains(ours, Service.CAPTURE, "the disk is full"))
    playing.stop()
    for service in BOTH:
        assert ours.end(service)[0] == 0, ours.log(service)
    told = ours.capture()
    assert told is not None
    assert "stopped" in told.state
    assert "the disk is full" in told.state


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Path]:
    """The appliance's state on ext4, as on a card: it turns read-only when it finds an error."""
    image, disk = tmp_path / "image", tmp_path / "appliance" / "state"
    with image.open("wb") as file:
        file.truncate(16 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", image], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no such disk can be made here: {made.stderr.decode().strip()}")
    mount(disk, "-o", "loop,errors=remount-ro", str(image))
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_card_that_turns_read_only(house: House, appliance: MakeAppliance, talking: Minute, card: Path) -> None:
    """Both go on and say so, and end when asked."""
    ours = appliance(watch="everything")
    ours.start(*BOTH)
    device = subprocess.run(["findmnt", "-no", "SOURCE", card], capture_output=True, text=True, check=True).stdout
    Path("/sys/fs/ext4", Path(device.strip()).name, "trigger_fs_error").write_text("1")
    _, playing = play(house, ours, talking)
    until("the capture to say so", lambda: complains(ours, Service.CAPTURE, "ledger.sqlite: "))
    playing.stop()
    for service in BOTH:
        assert ours.end(service)[0] == 0, ours.log(service)
