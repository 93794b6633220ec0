# SPDX-License-Identifier: GPL-2.0-or-later
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.analysis import Analysis
from appliance.commands.captures import _read, progress_bar
from appliance.rules import load_rules
from tests.commands.running import earwitness, lines


def test_a_folder_is_searched_for_captures(pcap: Path, tmp_path: Path) -> None:
    """A folder stands for the captures in it, gzip'd ones too; other files are passed over."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "day.pcap.gz").write_bytes(gzip.compress(pcap.read_bytes(), 1))
    (tmp_path / "README").write_text("no capture")
    direct, found = (earwitness("analyze", path, "--jsonl", "-") for path in (pcap, tmp_path))
    assert found.exit_code == 0
    assert lines(found.stdout)[-1]["uploads"] == lines(direct.stdout)[-1]["uploads"] > 0


def test_a_folder_without_captures_is_told(tmp_path: Path) -> None:
    """A folder with nothing to analyse ends with status 2 and says what was looked for."""
    result = earwitness("analyze", tmp_path)
    assert result.exit_code == 2
    assert ".pcapng" in result.stderr


def test_a_bar_goes_with_its_file(pcap: Path) -> None:
    """A folder of thousands of captures shows one bar at a time: all of them would cost more than the analysis."""
    progress = progress_bar()
    assert _read(Analysis(load_rules(None)), pcap, progress, "1/1").packets > 0
    assert progress.tasks == []


def test_standard_input_is_a_capture_too(pcap: Path) -> None:
    """A capture can be piped in; the installed command is run as a user would."""
    command = [str(Path(sys.executable).with_name("earwitness")), "analyze", "-", "--jsonl", "-"]
    with pcap.open("rb") as capture:
        done = subprocess.run(command, stdin=capture, capture_output=True, check=False)
    assert done.returncode == 0
    assert lines(done.stdout.decode())[-1]["uploads"] > 0


def test_one_device_alone(pcap: Path) -> None:
    """--device leaves the lines of one device, in whatever case its address is written."""
    everything = lines(earwitness("analyze", pcap, "--jsonl", "-").stdout)
    device = next(row["device"] for row in everything if row["type"] == "upload")
    rows = lines(earwitness("analyze", pcap, "--jsonl", "-", "--device", device.upper()).stdout)
    assert {row["device"] for row in rows if row["type"] in {"upload", "verdict", "device"}} == {device}


def test_a_damaged_capture_ends_with_status_3(pcap: Path, tmp_path: Path) -> None:
    """What was before the damage is shown, the damage is named with its offset, the status is 3."""
    content = pcap.read_bytes()
    damaged = tmp_path / "cut.pcap"
    damaged.write_bytes(content[:-5])
    result = earwitness("analyze", damaged, "--jsonl", "-")
    assert result.exit_code == 3
    assert "damaged from byte" in result.stderr
    rows = lines(result.stdout)
    assert rows[-1]["uploads"] > 0
    assert rows[-1]["damage"][0]["offset"] < len(content)


@pytest.mark.parametrize("mac", ["44:65:0d", "echo", "44:65:0d:11:22:zz"])
def test_what_is_no_address_is_refused(pcap: Path, mac: str) -> None:
    """--device takes whole addresses only."""
    result = earwitness("analyze", pcap, "--device", mac)
    assert result.exit_code == 2
    assert mac in result.stderr


def test_a_device_that_is_not_there_is_told(pcap: Path) -> None:
    """An empty report for --device says why it is empty."""
    assert (
        "nothing is known of 02:00:00:00:00:99" in earwitness("speakers", pcap, "--device", "02-00-00-00-00-99").stderr
    )


def test_targets_are_looked_at_first(tmp_path: Path) -> None:
    """A file that cannot be written is refused before anything is read."""
    empty = tmp_path / "empty.pcap"
    empty.touch()
    result = earwitness("analyze", empty, "--html", tmp_path / "missing" / "day.html")
    assert result.exit_code == 2
    assert "folder that does not exist" in result.stderr
    assert "empty.pcap" not in result.stderr


def test_a_name_of_any_bytes_is_shown(pcap: Path, tmp_path: Path) -> None:
    """A file name that is no Unicode does not hinder any output, even if it has to be named."""
    damaged = tmp_path / os.fsdecode(b"\xff\xfe.pcap")
    damaged.write_bytes(pcap.read_bytes()[:-5])
    targets = (f"--{kind}={tmp_path / kind}" for kind in ("html", "svg", "jsonl"))
    assert earwitness("analyze", damaged, *targets).exit_code == 3
    assert "\ufffd\ufffd.pcap" in (tmp_path / "html").read_text(encoding="utf-8")


def test_only_files_of_a_folder_are_read(tmp_path: Path) -> None:
    """A pipe in a folder would be waited for forever; it is passed over, like a link to nowhere."""
    os.mkfifo(tmp_path / "pipe.pcap")
    (tmp_path / "gone.pcap").symlink_to(tmp_path / "nowhere")
    assert "no file in it" in earwitness("analyze", tmp_path).stderr


@pytest.mark.parametrize(
    "content", [b"", b"hello, world\n", b"PK\x03\x04rest", b"\x1f\x8b\x08\x00broken", b"\x0a\x0d\x0d\x0a"]
)
def test_what_is_no_capture_ends_with_status_2(tmp_path: Path, content: bytes) -> None:
    """A file that is no capture is named with what it seems to be, without a traceback."""
    path = tmp_path / "something.pcap"
    path.write_bytes(content)
    result = earwitness("analyze", path)
    assert result.exit_code == 2
    assert "something.pcap" in result.stderr
    assert "Traceback" not in result.output


def test_frames_of_the_air_are_told(pcap: Path, tmp_path: Path) -> None:
    """A capture of a link layer that cannot be read ends with status 2 and says what to do."""
    content = bytearray(pcap.read_bytes())
    content[20:24] = (127).to_bytes(4, "little")
    path = tmp_path / "air.pcap"
    path.write_bytes(content)
    result = earwitness("analyze", path)
    assert result.exit_code == 2
    assert "bridge" in result.stderr


def test_one_bad_file_does_not_hide_the_good_ones(pcap: Path, tmp_path: Path) -> None:
    """Of several files those that can be read are analysed; the status tells that one could not."""
    bad = tmp_path / "bad.pcap"
    bad.write_text("hello")
    result = earwitness("analyze", bad, pcap, "--jsonl", "-")
    assert result.exit_code == 2
    assert lines(result.stdout)[-1]["uploads"] > 0


def test_bad_rules_are_named_with_their_line(pcap: Path, tmp_path: Path) -> None:
    """A folder of rules with an error is refused with file, line and key."""
    (tmp_path / "mine.yaml").write_text("hosts:\n  - id: mine\n    vendro: amazon\n")
    result = earwitness("analyze", pcap, "--rules", tmp_path)
    assert result.exit_code == 2
    assert "mine.yaml:" in result.stderr
    assert "vendro" in result.stderr


def test_a_device_without_a_mac_goes_by_its_ip_address(pcap: Path) -> None:
    """--device takes an IP address too, as raw captures have no other; text that is no address is refused."""
    nobody = lines(earwitness("analyze", pcap, "--jsonl", "-", "--device", "192.0.2.77").stdout)
    assert [row["type"] for row in nobody] == ["summary"]
    assert earwitness("analyze", pcap, "--device", "kitchen").exit_code == 2
