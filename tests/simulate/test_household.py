# SPDX-License-Identifier: GPL-2.0-or-later
import json
import math
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from itertools import islice
from pathlib import Path

import pytest

from appliance.capture import open_capture, parse
from appliance.simulate.household import Household, simulate
from appliance.simulate.lines import Line, Lines
from appliance.simulate.rows import concatenate
from appliance.simulate.scenario import DEMO_RATES, HOUSEHOLD, START, Scenario

#: from eight in the morning to a quarter to eleven, with three uploads of every kind to be expected
BUSY = DEMO_RATES | dict.fromkeys(("silence", "false_wakes", "unexplained", "other_wakes", "gaps", "arbitration"), 5.0)
MORNING = Scenario(days=0.115, start=START + 8 * 3600, seed=5, rates=BUSY)


def lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def number(line: Line, key: str) -> float:
    return float(str(line[key]))


def played(scenario: Scenario) -> tuple[int, list[Line]]:
    """Return how many frames a scenario has, and its truth, without files."""
    truth = StringIO()
    told = Lines(truth)
    frames = sum(len(rows) for _, rows in Household(scenario, Lines(StringIO()), told).slices())
    told.flush(math.inf)
    return frames, [json.loads(line) for line in truth.getvalue().splitlines()]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("morning")
    simulate(MORNING, folder)
    return folder


def test_the_same_seed_gives_the_same_bytes(morning: Path, tmp_path: Path) -> None:
    """Another process, with another hash seed, writes the same three files."""
    program = (
        "import sys, pathlib; from tests.simulate.test_household import MORNING, simulate; "
        "simulate(MORNING, pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env={"PYTHONHASHSEED": "7"})
    for file in sorted(morning.iterdir()):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_another_seed_is_another_household() -> None:
    """Another seed gives other uploads."""
    assert played(replace(MORNING, seed=4))[1] != played(MORNING)[1]


def test_all_files_say_that_they_are_simulated(morning: Path) -> None:
    """The capture's section comment and the first sound line name the simulation and its seed."""
    with open_capture(morning / "capture.pcapng") as capture:
        for _ in capture:
            pass
    assert capture.comment == "simulated household, 0.115 days, 6 speakers, seed 5"
    first = lines(morning / "sounds.jsonl")[0]
    assert first == {"type": "note", "text": "simulated household, 0.115 days, seed 5", "simulated": True}


def test_everything_is_in_order_of_time(morning: Path) -> None:
    """Frames, sounds and truth come in order of time, and no frame after the end."""
    with open_capture(morning / "capture.pcapng") as capture:
        times = [time for batch in capture for time in batch.time.tolist()]
    assert times == sorted(times)
    assert times[-1] < MORNING.end * 1e9
    for name in ("sounds.jsonl", "truth.jsonl"):
        moments = [line.get("start", line.get("time")) for line in lines(morning / name)]
        told = [float(str(moment)) for moment in moments if moment is not None]
        assert told == sorted(told)


def test_the_truth_is_what_the_frames_show(morning: Path) -> None:
    """Within each upload of the truth its device sends thousands of bytes on that very flow."""
    with open_capture(morning / "capture.pcapng") as capture:
        chunks = [parse(batch) for batch in capture]
    uploads = [line for line in lines(morning / "truth.jsonl") if line["type"] == "upload"]
    assert len(uploads) > 20
    for line in uploads:
        device, start, end = int(str(line["device"]).replace(":", ""), 16), number(line, "start"), number(line, "end")
        sent = 0
        for frames in chunks:
            time = frames.packets.time / 1e9
            flow = (frames.source == device) & (frames.source_port == line["device_port"])
            sent += int(frames.payload[flow & (time > start - 0.4) & (time < end + 0.4)].sum())
        assert sent > 4000, line


def test_nobody_is_accused_without_a_listening_ear(morning: Path) -> None:
    """Each upload's room was covered from before it began to its end, unless the truth says that it was unheard."""
    covered = [line for line in lines(morning / "sounds.jsonl") if line["type"] == "coverage"]
    for line in lines(morning / "truth.jsonl"):
        if line["type"] == "upload":
            ear = [part for part in covered if part["source"] == f"{line['room']}-mic"]
            start, end = number(line, "start") - 4, number(line, "end")
            seconds = sum(max(0.0, min(end, number(part, "end")) - max(start, number(part, "start"))) for part in ear)
            assert (seconds == pytest.approx(end - start, abs=0.01)) is (line["verdict"] != "unheard"), line


def test_silence_is_silent(morning: Path) -> None:
    """Around an upload in silence its room's ear heard nothing."""
    heard = [line for line in lines(morning / "sounds.jsonl") if line["type"] in {"wake", "speech"}]
    silent = [line for line in lines(morning / "truth.jsonl") if line.get("verdict") == "unexplained_silence"]
    assert silent
    for line in silent:
        for sound in heard:
            begin = number(sound, "start" if sound["type"] == "speech" else "time")
            over = number(sound, "end" if sound["type"] == "speech" else "time")
            near = over > number(line, "start") - 10 and begin < number(line, "end") + 10
            assert not (near and sound["ear"] == f"{line['room']}-mic")


KINDS = {
    "commands": "command",
    "false_wakes": "false_wake",
    "unexplained": "unexplained_speech",
    "silence": "silence",
    "other_wakes": "other_wake",
    "calls": "call",
    "arbitration": "arbitration",
    "telemetry": "telemetry",
    "reports": "report",
    "boots": "boot",
    "music": "music",
    "chatter": "chatter",
}


#: what is in the play when one behaviour is looked at, beside that one itself
PLAIN = frozenset(KINDS) - {"calls", "music", "chatter", "arbitration"}
LOOKED_AT = replace(MORNING, rates=BUSY | {"boots": 2.0, "calls": 8.0, "music": 8.0, "chatter": 12.0})


@pytest.mark.parametrize("behaviour", KINDS)
def test_what_is_left_out_is_gone(behaviour: str) -> None:
    """Each behaviour has its traffic and its truth; without it there is none of that kind, and fewer frames."""
    frames, truth = played(replace(LOOKED_AT, behaviours=PLAIN | {behaviour}))
    fewer, rest = played(replace(LOOKED_AT, behaviours=PLAIN - {behaviour}))
    assert KINDS[behaviour] in {str(line.get("kind")) for line in truth}
    assert KINDS[behaviour] not in {str(line.get("kind")) for line in rest}
    assert fewer < frames


def test_the_documented_truth_is_as_it_is_written(root: Path) -> None:
    """The documentation's lines of truth have the form, and the keys in the order, that a play writes."""
    (sample,) = re.findall(r"```jsonl\n(.*?)```", (root / "docs/simulate.md").read_text(encoding="utf-8"), re.DOTALL)
    file = StringIO()
    told = Lines(file)
    for line in sample.splitlines():
        told.tell(0, json.loads(line))
    told.flush(math.inf)
    assert file.getvalue() == sample
    some = replace(MORNING, rates=BUSY | {"muted": 8.0}, behaviours=frozenset({"commands", "reports", "muted"}))
    assert {tuple(json.loads(line)) for line in sample.splitlines()} == {tuple(line) for line in played(some)[1]}


def test_the_network_can_be_kept_simple() -> None:
    """IPv6 is there, and frames larger than Ethernet carries, merged by offload; each is gone when it is left out."""
    short = replace(MORNING, days=0.03)
    for left_out in ((), ("offload",), ("ipv6",)):
        household = Household(short.without(*left_out), Lines(StringIO()), Lines(StringIO()))
        rows = concatenate([rows for _, rows in household.slices()])
        v6 = (rows.head[:, 12] == 0x86) & (rows.head[:, 13] == 0xDD)
        assert bool(v6.any()) is ("ipv6" not in left_out)
        assert bool((rows.wire > 1514).any()) is ("offload" not in left_out)


def test_a_long_play_begins_at_once() -> None:
    """The household is played as it is asked for: the first hour of ten years is ready without the rest."""
    forever = Household(replace(MORNING, days=3650), Lines(StringIO()), Lines(StringIO()))
    (first, second) = islice(forever.slices(), 2)
    assert first[0] == MORNING.start + 900
    assert second[0] == MORNING.start + 1800


def test_a_snap_length_cuts_every_frame(tmp_path: Path) -> None:
    """With a snap length no frame is longer in the file, and its true length is still there."""
    simulate(replace(MORNING, days=0.02, snap=96, speakers=HOUSEHOLD[:2]), tmp_path)
    with open_capture(tmp_path / "capture.pcapng") as capture:
        batches = list(capture)
    assert max(int(batch.captured.max()) for batch in batches) == 96
    assert max(int(batch.wire.max()) for batch in batches) > 1000


def test_tshark_reads_names_and_records(morning: Path) -> None:
    """Another dissector finds server names, records of a codec, and nothing malformed in TCP or TLS."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    ask = ["tshark", "-r", str(morning / "capture.pcapng"), "-T", "fields"]
    names = ["-Y", "tls.handshake.extensions_server_name", "-e", "tls.handshake.extensions_server_name"]
    sizes = ["-Y", "tls.record.length == 113 && tcp.len == 118", "-e", "frame.number"]
    broken = ["-Y", "_ws.malformed && tls", "-e", "frame.number"]
    found = [
        subprocess.run([*ask, *query], capture_output=True, text=True, check=True).stdout.split()
        for query in (names, sizes, broken)
    ]
    assert "www.google.com" in found[0]
    assert "prod.amcs-tachyon.com" in found[0]
    assert len(found[1]) > 300
    assert found[2] == []
