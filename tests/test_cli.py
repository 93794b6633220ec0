# SPDX-License-Identifier: GPL-2.0-or-later
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from appliance.cli import main
from tests.played import packets_of, part, pcap_bytes


@pytest.fixture(scope="module")
def pcap(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first half of the morning as a plain pcap file in a folder of its own."""
    packets = packets_of(played / "capture.pcapng")
    path = tmp_path_factory.mktemp("captures") / "morning.pcap"
    path.write_bytes(b"".join(pcap_bytes(part(packets, 0, len(packets.at) // 2))))
    return path


def earwitness(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_analyze_shows_people_a_table(played: Path) -> None:
    """A capture with its sounds ends in a table with a verdict in words, and says that it was simulated."""
    result = earwitness("analyze", played / "capture.pcapng", "--sounds", played / "sounds.jsonl")
    assert result.exit_code == 0
    assert "after its name" in result.stdout
    assert "simulated" in result.stdout


def test_lines_for_programs_stand_alone_on_standard_output(pcap: Path) -> None:
    """With --jsonl - standard output is JSON lines and nothing else, the summary last."""
    result = earwitness("analyze", pcap, "--jsonl", "-")
    rows = lines(result.stdout)
    assert {"upload", "verdict", "device", "summary"} <= {row["type"] for row in rows}
    assert rows[-1]["type"] == "summary"
    assert {row["verdict"] for row in rows if row["type"] == "verdict"} == {"unheard"}


def test_pictures_and_pages_are_written(pcap: Path, tmp_path: Path) -> None:
    """Page, picture and bitmap are written where they were asked for."""
    html, svg, png = tmp_path / "day.html", tmp_path / "day.svg", tmp_path / "day.png"
    assert earwitness("analyze", pcap, "--html", html, "--svg", svg, "--png", png).exit_code == 0
    assert html.read_text().startswith("<!doctype html>")
    assert "<svg" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")


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


def test_bad_sounds_are_named_with_their_line(pcap: Path, tmp_path: Path) -> None:
    """A sounds file with an error is refused with the line and what is wrong."""
    sounds = tmp_path / "sounds.jsonl"
    sounds.write_text('{"type":"ear","ear":"mic"}\n{"type":"wake","ear":"mic"}\n')
    result = earwitness("analyze", pcap, "--sounds", sounds)
    assert result.exit_code == 2
    assert f"{sounds}:2" in result.stderr


def test_bad_rules_are_named_with_their_line(pcap: Path, tmp_path: Path) -> None:
    """A folder of rules with an error is refused with file, line and key."""
    (tmp_path / "mine.yaml").write_text("hosts:\n  - id: mine\n    vendro: amazon\n")
    result = earwitness("analyze", pcap, "--rules", tmp_path)
    assert result.exit_code == 2
    assert "mine.yaml:" in result.stderr
    assert "vendro" in result.stderr


def test_an_unwritable_target_is_told(pcap: Path, tmp_path: Path) -> None:
    """A file that cannot be written ends with status 2 and its name."""
    result = earwitness("analyze", pcap, "--jsonl", tmp_path / "missing" / "out.jsonl")
    assert result.exit_code == 2
    assert "missing" in result.stderr


def test_speakers_lists_devices_and_why(pcap: Path) -> None:
    """Devices are listed with what they were recognised by, for people and for programs."""
    shown, rows = earwitness("speakers", pcap), lines(earwitness("speakers", pcap, "--jsonl", "-").stdout)
    assert "amazon-echo" in shown.stdout
    assert {row["type"] for row in rows} == {"device", "summary"}
    assert all(row["by"] and row["confidence"] > 0.5 for row in rows if row.get("speaker"))


def test_rules_check_runs_every_example(tmp_path: Path) -> None:
    """The packaged rules hold; a rule of one's own whose example fails is named, with status 2."""
    assert earwitness("rules", "check", "--rules", tmp_path).exit_code == 0
    (tmp_path / "mine.yaml").write_text(
        "hosts:\n"
        "  - id: mine\n    patterns: [voice.example.net]\n    vendor: mine\n    role: voice\n    source: made up\n"
        "    examples: {matches: [other.example.net], not: [example.org]}\n"
    )
    result = earwitness("rules", "check", "--rules", tmp_path)
    assert result.exit_code == 2
    assert "mine" in result.stderr


def test_rules_schema_is_json() -> None:
    """The schema for editors is printed as JSON."""
    assert json.loads(earwitness("rules", "schema").stdout)["type"] == "object"


def test_simulate_writes_what_analyze_reads(tmp_path: Path) -> None:
    """A played household can be analysed; a behaviour can be left out; a model that is not there is refused."""
    played = earwitness(
        "simulate",
        "--days",
        "0.02",
        "--speakers",
        "echo,homepod",
        "--seed",
        "3",
        "--without",
        "others",
        "--out",
        tmp_path,
    )
    assert played.exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"capture.pcapng", "sounds.jsonl", "truth.jsonl"}
    assert earwitness("analyze", tmp_path, "--sounds", tmp_path / "sounds.jsonl").exit_code == 0
    refused = earwitness("simulate", "--speakers", "toaster", "--out", tmp_path)
    assert refused.exit_code == 2
    assert "toaster" in refused.stderr
