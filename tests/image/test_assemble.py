# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder becomes a file that can be written to a card: partitions, file systems, names, and twice the same bytes."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECTOR = 512
NEEDED = ("sfdisk", "mcopy", "mkfs.vfat", "mke2fs", "debugfs")
TOOLS = sorted(
    Path(os.environ.get("EARWITNESS_ROOTS", "/var/cache/earwitness-roots")).glob("image-tools-trixie-*[0-9a-f]")
)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder as image/layer leaves it, with a very small system."""
    if os.geteuid() or (missing := [name for name in NEEDED if not shutil.which(name)]):
        pytest.skip(
            "root and Debian's dosfstools, e2fsprogs, fdisk, mtools are needed" if os.geteuid() else str(missing)
        )
    for folder in ("root/boot/firmware/overlays", "root/etc", "root/data", "sources/image/boot"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "root/etc/passwd").write_text("earwitness:x:998:997::/var/lib/earwitness:/usr/sbin/nologin\n")
    (tmp_path / "root/boot/firmware/kernel8.img").write_bytes(b"kernel" * 1000)
    (tmp_path / "root/boot/firmware/overlays/one.dtbo").write_bytes(b"overlay")
    (tmp_path / "sources/image/boot/README.txt").write_text("read me\n")
    return tmp_path


def assembled(work: Path, tools: Path, name: str) -> Path:
    image = work / name
    copy = work / f"{name}-work"
    shutil.copytree(work / "root", copy / "root")
    shutil.copytree(work / "sources", copy / "sources")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([ROOT / "image/assemble", copy, tools, image], env=environment, check=True, capture_output=True)
    return image


def parts(image: Path) -> list[dict[str, object]]:
    listed = subprocess.run(["sfdisk", "--json", image], check=True, capture_output=True, text=True).stdout
    return list(json.loads(listed)["partitiontable"]["partitions"])


def part(image: Path, number: int) -> Path:
    told = parts(image)[number - 1]
    path = image.with_suffix(f".{number}")
    with image.open("rb") as file:
        file.seek(int(str(told["start"])) * SECTOR)
        path.write_bytes(file.read(int(str(told["size"])) * SECTOR))
    return path


def test_it_has_a_boot_partition_a_system_and_room_for_data(work: Path) -> None:
    """Three partitions, each beginning at a whole block of the card; the last is the one that may grow."""
    image = assembled(work, Path("/"), "image")
    told = parts(image)
    assert [each["type"] for each in told] == ["c", "83", "83"]
    assert int(str(told[0]["start"])) % 8192 == 0
    end = int(str(told[-1]["start"])) + int(str(told[-1]["size"]))
    assert end * SECTOR == image.stat().st_size
    boot = subprocess.run(["mdir", "-b", "-/", "-i", part(image, 1), "::/"], check=True, capture_output=True, text=True)
    assert set(boot.stdout.split()) == {"::/README.txt", "::/kernel8.img", "::/overlays/", "::/overlays/one.dtbo"}


def test_the_system_is_not_on_the_boot_partition_and_the_data_is_the_services(work: Path) -> None:
    """What the firmware loads is not in the system too; the state's folder is the services' own, and nobody else's."""
    image = assembled(work, Path("/"), "image")
    system, data = part(image, 2), part(image, 3)
    listed = subprocess.run(
        ["debugfs", "-R", "ls -p /boot/firmware", system], capture_output=True, text=True, check=True
    )
    assert "kernel8.img" not in listed.stdout
    state = subprocess.run(
        ["debugfs", "-R", "stat /earwitness", data], capture_output=True, text=True, check=True
    ).stdout
    assert "Mode:  0700" in state
    assert state.split("User:")[1].split()[0] == "998"
    for label, path in (("ew-root", system), ("ew-data", data)):
        assert subprocess.run(["e2label", path], capture_output=True, text=True, check=True).stdout.strip() == label


def test_two_are_alike_to_the_bit(work: Path) -> None:
    """The same folder makes the same bytes, by the tools that the image is built with."""
    if not TOOLS:
        pytest.skip("the tools that images are built with are not here: image/tools makes them")
    one, other = (assembled(work, TOOLS[-1], name) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
