# SPDX-License-Identifier: GPL-2.0-or-later
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.clocks import Boot, read_clocks, synchronised, this_boot

BOOT_ID = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def test_a_reading_is_of_one_moment() -> None:
    """Both clocks are read between the beginning and the end of the call."""
    before = time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    reading = read_clocks()
    after = time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    assert before[0] <= reading.wall <= after[0]
    assert before[1] <= reading.boot <= after[1]
    assert reading.synchronised == synchronised()


def test_the_anchor_is_chosen_once(tmp_path: Path) -> None:
    """However many services start at once, all have the anchor of the first; steady time begins as wall-clock time."""
    with ThreadPoolExecutor(8) as services:
        boots = set(services.map(lambda _: this_boot(tmp_path), range(50)))
    (boot,) = boots
    assert boot.id == BOOT_ID
    assert json.loads((tmp_path / "clock.json").read_text()) == {"id": BOOT_ID, "anchor": boot.anchor}
    reading = read_clocks()
    assert boot.steady(reading) == pytest.approx(reading.wall / 1e9, abs=1)
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


@pytest.mark.parametrize("left", ["", "{", "[]", '{"id": 1}', '{"id": "another boot", "anchor": 5}', "null"])
def test_what_another_boot_left_is_not_believed(tmp_path: Path, left: str) -> None:
    """A file of another boot, or a damaged one, is written anew."""
    (tmp_path / "clock.json").write_text(left)
    boot = this_boot(tmp_path)
    assert boot.id == BOOT_ID
    assert this_boot(tmp_path) == boot


def test_an_anchor_that_is_no_number_is_not_believed(tmp_path: Path) -> None:
    """The file's content is checked before it is used."""
    (tmp_path / "clock.json").write_text(json.dumps({"id": BOOT_ID, "anchor": "now"}))
    assert isinstance(this_boot(tmp_path).anchor, int)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    """Where nothing can be written, whoever asks is told."""
    with pytest.raises(FileNotFoundError):
        this_boot(tmp_path / "nowhere")


def test_steady_time() -> None:
    """Steady time is the clock that nobody can set, moved by the anchor."""
    reading = read_clocks()
    assert Boot("", 10**18).steady(reading) == (reading.boot + 10**18) / 1e9
