# SPDX-License-Identifier: GPL-2.0-or-later
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.ledger import Follower, Ledger, LedgerError, open_ledger
from appliance.ledger.rows import UPLOAD
from tests.ledger.facts import announced


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.fixture
def capture(small_disk: Path) -> Iterator[Ledger]:
    """The capture's ledger on it."""
    with closing(open_ledger(small_disk / "ledger.sqlite", service=Service.CAPTURE, now=0.0)) as ledger:
        yield ledger


def test_a_full_disk_is_told_and_nothing_is_lost(capture: Ledger, small_disk: Path) -> None:
    """What does not fit is refused whole, in words; what was written stays readable; once there is room it goes on."""
    boot, number = capture.begin("boot", 0.0), 0
    (small_disk / "ballast").write_bytes(bytes(400_000))
    with closing(capture.reader()) as reader:
        follower = Follower(reader, boot)
        try:
            while True:
                capture.write(boot, [announced(float(number)), announced(number + 0.5)])
                number += 1
        except LedgerError as error:
            assert re.search(r"ledger\.sqlite: the disk is full .*: make room", str(error))  # noqa: PT017 - somewhere
            assert not error.damaged  # noqa: PT017
        assert len(follower.new()) == 2 * number
        with pytest.raises(LedgerError, match="the disk is full"):
            capture.write(boot, [announced(float(number))] * 100)
        (small_disk / "ballast").unlink()
        kept = [announced(float(number)), announced(number + 0.5)]
        capture.write(boot, kept)
        assert follower.new() == kept
        assert reader.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk as on a card: ext4, which turns read-only when it finds an error."""
    image, disk = tmp_path / "image", tmp_path / "card"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(8 << 20)
    make: list[str | Path] = ["mkfs.ext4", "-q", image]
    mount: list[str | Path] = ["mount", "-o", "loop,errors=remount-ro", image, disk]
    for command in (make, mount):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"no such disk can be made here: {done.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_disk_that_turned_read_only_is_told(failing_disk: Path) -> None:
    """Linux turns a failing card read-only while it is in use: that is said, and what is there can still be read."""
    path = failing_disk / "ledger.sqlite"
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger, closing(ledger.reader()) as reader:
        boot = ledger.begin("boot", 0.0)
        ledger.write(boot, [announced(1.0)])
        assert len(reader.facts(UPLOAD)) == 1
        device = subprocess.run(
            ["findmnt", "-no", "SOURCE", failing_disk], capture_output=True, text=True, check=True
        ).stdout
        Path("/sys/fs/ext4", Path(device.strip()).name, "trigger_fs_error").write_text("1")
        with pytest.raises(
            LedgerError, match=r"ledger\.sqlite: (it may not be written to|the disk does not answer)"
        ) as told:
            ledger.write(boot, [announced(2.0)])
        assert not told.value.damaged
        assert [fact for _, fact in reader.facts(UPLOAD)] == [announced(1.0)]


def test_a_ledger_on_a_read_only_disk_cannot_be_opened(small_disk: Path) -> None:
    """A service that starts on such a disk says what is wrong and where."""
    path = small_disk / "ledger.sqlite"
    open_ledger(path, service=Service.CAPTURE, now=0.0).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: Read-only file system: check"):
        open_ledger(path, service=Service.CAPTURE, now=0.0)


def test_another_writer_is_waited_for_and_then_named(
    services: dict[Service, Ledger], boot: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that holds the ledger for too long keeps nobody waiting for ever."""
    monkeypatch.setattr("appliance.ledger.connect.LEDGER_BUSY_MS", 20)
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as impatient:
        services[Service.HUB]._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process holds it"):
            impatient.write(boot, [announced(1.0)])
        services[Service.HUB]._connection.execute("ROLLBACK")
        assert impatient.write(boot, [announced(1.0)]) == [1]
