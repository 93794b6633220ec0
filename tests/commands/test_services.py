# SPDX-License-Identifier: GPL-2.0-or-later
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.commands.services import the_settings
from appliance.events import Service
from appliance.ledger import open_ledger
from appliance.ledger.rows import VERDICT
from appliance.status import HubStatus, read_status

PATIENCE_S = 60
EARWITNESS = str(Path(sys.executable).with_name("earwitness"))


def start(service: str, settings: Path) -> subprocess.Popen[str]:
    command = [EARWITNESS, service, "--settings", str(settings)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def settings_file(folder: Path, capture: str) -> Path:
    file = folder / "earwitness.toml"
    paths = "".join(f'{name} = "{folder / name}"\n' for name in ("state", "run", "rules"))
    file.write_text(f"[capture]\n{capture}\n[web]\nserve = false\n[paths]\n{paths}")
    return file


def refused(service: str, settings: Path) -> str:
    process = start(service, settings)
    words = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 2
    assert "Traceback" not in words
    return words


def test_the_capture_takes_nothing_along_that_it_does_not_need() -> None:
    """It is the one service that never sleeps: no judge, no library of ciphers or e-mail, no scapy in its memory."""
    needless = "appliance.judge", "_hashlib", "_ssl", "email", "tinydb", "asyncio", "scapy", "zeroconf", "rich"
    program = f"import sys, appliance.commands.capture; print(*({set(needless)} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_a_replay_is_judged_by_the_hub_beside_it(played: Path, tmp_path: Path) -> None:
    """Two processes that share nothing but their folders: one replays, the other judges, and ends when asked to."""
    replay = f'placement = "replay"\nfile = "{played}/capture.pcapng"\nsounds = "{played}/sounds.jsonl"\nspeed = 0'
    settings = settings_file(tmp_path, replay)
    hub = start("hub", settings)
    capture = start("capture", settings)
    assert capture.communicate(timeout=PATIENCE_S)[1] == ""
    assert capture.returncode == 0
    end = time.monotonic() + PATIENCE_S
    while (status := read_status(tmp_path / "run", "hub", HubStatus)) is None or not status.judged_until:
        assert time.monotonic() < end
    hub.send_signal(signal.SIGTERM)
    assert hub.communicate(timeout=PATIENCE_S)[1] == ""
    assert hub.returncode == 0
    ledger = open_ledger(tmp_path / "state" / "ledger" / "ledger.sqlite", service=Service.HUB, now=0.0)
    reader = ledger.reader()
    assert {verdict.verdict for _, verdict in reader.facts(VERDICT)} >= {"called"}
    reader.close()
    ledger.close()


@pytest.mark.parametrize("service", ["capture", "hub"])
def test_wrong_settings_are_refused(service: str, tmp_path: Path) -> None:
    """A service does not start on settings that are wrong, and says where they are."""
    settings = settings_file(tmp_path, 'placement = "bridge"\ninterfaces = ["eth0"]')
    assert f"{settings}:1: capture: the placement bridge needs 2 interfaces" in refused(service, settings)


def test_a_file_that_is_no_capture_is_refused(tmp_path: Path) -> None:
    """What cannot be replayed is named in one line."""
    (tmp_path / "day.pcap").write_text("nonsense")
    settings = settings_file(tmp_path, f'placement = "replay"\nfile = "{tmp_path}/day.pcap"')
    assert "earwitness: " in refused("capture", settings)


def test_who_may_not_watch_is_told_so(tmp_path: Path) -> None:
    """Without the right to open rings the service says what is missing, and ends."""
    settings = settings_file(tmp_path, 'interfaces = ["lo", "eth0"]')
    command = [EARWITNESS, "capture", "--settings", str(settings)]
    bare = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", *command]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    if "setpriv" in done.stderr:
        pytest.skip(f"rights cannot be taken away here: {done.stderr.strip()}")
    assert done.returncode == 2
    assert "not permitted" in done.stderr


def test_folders_are_nobody_elses_business(tmp_path: Path) -> None:
    """A service makes its folders so that others on the machine cannot look in."""
    path = tmp_path / "earwitness.toml"
    path.write_text(f'[paths]\nstate = "{tmp_path}/a/state"\nrun = "{tmp_path}/run"\n')
    settings, _ = the_settings(path)
    assert [folder.stat().st_mode & 0o777 for folder in (settings.paths.state, settings.paths.run)] == [0o700, 0o700]
