# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
from collections.abc import Iterator
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest

from appliance.events import Tell
from appliance.evidence import Shelf, ShelfError, evidence_key
from appliance.settings import EvidenceSettings
from tests.evidence.facts import MAC, UPLOAD

DAY = 86_400.0
NOW = 1_700_000_000.0


def key(number: int) -> str:
    return f"{number:016x}"


def shelf_of(folder: Path, **caps: int) -> Shelf:
    return Shelf(folder, EvidenceSettings.model_validate({"free_mb": 0} | caps))


def numbers(shelf: Shelf) -> list[int]:
    return [int(kept.key, 16) for kept in shelf.kept()]


def test_what_was_put_there_is_found(tmp_path: Path) -> None:
    """A capture is found by its key, with its time, device and size; files of others are passed over."""
    shelf = shelf_of(tmp_path)
    path = shelf.add(key(7), MAC, NOW, b"content")
    (tmp_path / "holiday.pcapng").write_bytes(b"mine")
    assert path.name == f"20231114T221320Z-74c246000001-{key(7)}.pcapng"
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o640
    kept = shelf.find(key(7))
    assert kept is not None
    assert (kept.path, kept.device, kept.time, kept.size, kept.benign) == (path, MAC, NOW, 7, False)
    assert shelf.find(key(8)) is None
    assert shelf.kept() == [kept]


def test_names_have_no_text_of_the_network() -> None:
    """The key is a hash: the same for the announced and the completed upload, another for another boot."""
    assert evidence_key("boot", UPLOAD) == evidence_key("boot", UPLOAD)
    assert evidence_key("boot", UPLOAD) != evidence_key("other", UPLOAD)
    assert len(evidence_key("boot", UPLOAD)) == 16


def test_the_number_of_captures_is_capped(tmp_path: Path) -> None:
    """The oldest benign one makes room first, then the oldest."""
    shelf = shelf_of(tmp_path, max_files=3)
    for number in (1, 2, 3):
        shelf.add(key(number), MAC, NOW + number, b"x")
    shelf.settle(key(2), Tell.NOBODY)
    shelf.settle(key(3), Tell.ALERT)
    shelf.add(key(4), MAC, NOW + 4, b"x")
    assert numbers(shelf) == [1, 3, 4]
    shelf.add(key(5), MAC, NOW + 5, b"x")
    assert numbers(shelf) == [3, 4, 5]


def test_their_bytes_are_capped(tmp_path: Path) -> None:
    """So many old ones go that the new one fits, with the sounds beside them; one that never fits is refused."""
    shelf = shelf_of(tmp_path, max_mb=1)
    for number in range(4):
        shelf.add(key(number), MAC, NOW + number, bytes(200_000))
    shelf.add_sounds(key(0), ["x" * 150_000])
    shelf.add(key(9), MAC, NOW + 9, bytes(300_000))
    assert numbers(shelf) == [1, 2, 3, 9]
    assert list(tmp_path.glob("*.jsonl")) == []
    with pytest.raises(ShelfError, match="too many"):
        shelf.add(key(10), MAC, NOW + 10, bytes(1_000_001))
    assert numbers(shelf) == [1, 2, 3, 9]


def test_the_disk_keeps_its_free_space(tmp_path: Path) -> None:
    """Where others fill the disk, nothing is written, and nothing is dropped if that would not help."""
    shelf_of(tmp_path).add(key(1), MAC, NOW, b"x")
    shelf = shelf_of(tmp_path, free_mb=1_000_000)
    with pytest.raises(ShelfError, match="1000000 MB shall stay so"):
        shelf.add(key(2), MAC, NOW, b"x")
    assert numbers(shelf) == [1]


def test_old_ones_go_and_benign_ones_after_a_day(tmp_path: Path) -> None:
    """A benign capture lasts a day, any other as long as the settings say; a verdict may come to another end."""
    shelf = shelf_of(tmp_path, keep_days=90)
    for number, age in enumerate((91.0, 89.0, 2.0, 2.0, 0.5)):
        shelf.add(key(number), MAC, NOW - age * DAY, b"x")
    for number in (2, 3, 4):
        shelf.settle(key(number), Tell.NOBODY)
    shelf.settle(key(3), Tell.NOTICE)
    assert shelf.tidy(NOW) == 2
    assert numbers(shelf) == [1, 3, 4]
    assert shelf.tidy(NOW) == 0


def test_sounds_lie_beside_and_go_with_their_capture(tmp_path: Path) -> None:
    """Sounds are found by the capture's name, benign or not; without a capture they are not written, and go."""
    shelf = shelf_of(tmp_path)
    path = shelf.add(key(1), MAC, NOW, b"x")
    assert shelf.add_sounds(key(2), ["{}"]) is None
    sounds = shelf.add_sounds(key(1), ["{}", "{}"])
    assert sounds is not None
    assert sounds.read_text() == "{}\n{}\n"
    shelf.settle(key(1), Tell.NOBODY)
    assert [kept.size for kept in shelf.kept()] == [1 + 6]
    shelf.kept()[0].path.unlink()
    shelf.tidy(NOW)
    assert not sounds.exists()
    assert not path.exists()


def test_those_without_sounds_are_told_apart(tmp_path: Path) -> None:
    """A capture counts as unheard until sounds lie beside it, benign or not."""
    shelf = shelf_of(tmp_path)
    for number in (1, 2, 3):
        shelf.add(key(number), MAC, NOW + number, b"x")
    shelf.settle(key(2), Tell.NOBODY)
    shelf.add_sounds(key(2), ["{}"])
    shelf.add_sounds(key(3), ["{}"])
    assert [kept.key for kept in shelf.unheard()] == [key(1)]


def test_a_crash_leaves_no_rubbish(tmp_path: Path) -> None:
    """What was not whole when the power went is no capture, and is swept away at the next start."""
    shelf = shelf_of(tmp_path)
    whole = shelf.add(key(1), MAC, NOW, b"x")
    whole.with_name(f"20231114T221320Z-74c246000001-{key(2)}.pcapng.new").write_bytes(b"half")
    assert numbers(shelf) == [1]
    assert shelf.sweep() == 1
    assert list(tmp_path.iterdir()) == [whole]


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"file systems may not be mounted here: {made.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_full_disk_is_told_in_words(tiny: Path) -> None:
    """What does not fit is refused, and all that was there stays."""
    shelf = shelf_of(tiny)
    shelf.add(key(1), MAC, NOW, bytes(300_000))
    (tiny / "other").write_bytes(bytes(600_000))
    with pytest.raises(ShelfError, match="0 MB of the disk are free"):
        shelf.add(key(2), MAC, NOW, bytes(600_000))
    assert numbers(shelf) == [1]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where the system refuses to write on, the unfinished file goes and the reason is told."""
    shelf, before = shelf_of(tmp_path), getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(ShelfError, match="File too large"):
            shelf.add(key(1), MAC, NOW, bytes(20_000))
    finally:
        setrlimit(RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_no_folder_is_told_in_words(tmp_path: Path) -> None:
    """Where there is no folder nothing is kept, and nothing can be put."""
    shelf = shelf_of(tmp_path / "nowhere")
    assert shelf.kept() == []
    assert shelf.tidy(NOW) == 0
    with pytest.raises(ShelfError, match="No such file"):
        shelf.add(key(1), MAC, NOW, b"x")
