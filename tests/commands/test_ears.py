# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness ears`` as people call it, with a microphone that is not there; the service itself: tests/listening."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import main
from appliance.rules import load_rules
from appliance.status import EarStatus, read_status
from tests.commands.running import earwitness
from tests.commands.test_services import EARWITNESS, PATIENCE_S
from tests.ears.sounds import quiet, recordings, say, written
from tests.microphones import VirtualMicrophone


@pytest.fixture
def virtual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    with VirtualMicrophone(tmp_path) as microphone:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(microphone.config(tmp_path / "asound.conf")))
        yield microphone


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "earwitness.toml"
    paths = "".join(f'{name} = "{tmp_path / name}"\n' for name in ("state", "run", "rules"))
    file.write_text(f'[[ears.microphones]]\nname = "kitchen-mic"\ndevice = "virtual"\n[paths]\n{paths}')
    return file


@pytest.mark.usefixtures("virtual")
def test_the_service_listens_until_it_is_asked_to_end(settings: Path, tmp_path: Path) -> None:
    """Started as systemd does it, it listens within seconds; ended, it says nothing and leaves status zero."""
    service = subprocess.Popen([EARWITNESS, "ears", "--settings", str(settings)], stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + PATIENCE_S
    while not (status := read_status(tmp_path / "run", "ears", EarStatus)) or "listening" not in {
        each.state for each in status.ears.values() if each.covered_until > each.covered_since
    }:
        assert time.monotonic() < end, status
    limits = Path(f"/proc/{service.pid}/limits").read_text(encoding="ascii")
    assert any(line.split()[:5] == ["Max", "core", "file", "size", "0"] for line in limits.splitlines())
    service.send_signal(signal.SIGTERM)
    words = service.communicate(timeout=PATIENCE_S)[1]
    assert (service.returncode, words.replace("\n", "")) in {(0, ""), (0, "<4>the memory may be swapped")}


def test_microphones_are_listed(virtual: VirtualMicrophone, settings: Path) -> None:
    """The one that is set is named, and that ALSA does not list it."""
    result = earwitness("ears", "--settings", settings, "list")
    assert result.exit_code == 0
    assert virtual.name in result.stdout
    assert "kitchen-mic" in result.stdout


def test_what_is_heard_is_shown(virtual: VirtualMicrophone, settings: Path) -> None:
    """The level and the wake word that was said are on the screen; of a device that is absent, why."""
    virtual.queue(quiet(0.5))
    virtual.queue(say("Alexa"))
    shown = earwitness("ears", "--settings", settings, "test", "--seconds", "3")
    assert shown.exit_code == 0
    assert "dBFS" in shown.stdout
    assert "“alexa”" in shown.stdout
    absent = earwitness("ears", "--settings", settings, "test", "--seconds", "1", "--device", "absent")
    assert (absent.exit_code, "No such file or directory" in absent.stderr) == (2, True)
    none = earwitness("ears", "--settings", settings, "test", "--device", "/dev/snd")
    assert (none.exit_code, "is no device" in none.stderr) == (2, True)


def test_a_word_is_learnt_and_forgotten(
    settings: Path, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of recordings weights and a rule remain, which hold; forgetting leaves nothing behind."""
    for name, less in (("_TAKES", 10), ("_STEPS", 30)):  # how well it is learnt is measured in bench/
        monkeypatch.setattr(f"appliance.ears.enrol.{name}", less)
    said = recordings(shared, "alexa")[:3]
    result = earwitness("ears", "--settings", settings, "enrol", "zebra", *said)
    assert result.exit_code == 0, result.stderr
    rules = load_rules(tmp_path / "rules")
    (rule,) = [each for each in rules.wake.engines if each.word == "zebra"]
    assert rule.own_file is not None
    assert rule.own_file.parent == tmp_path / "state" / "heads"
    assert [each.name for each in (tmp_path / "state").rglob("*") if each.is_file()] == ["zebra.npz"]
    assert earwitness("ears", "--settings", settings, "forget", "zebra").exit_code == 0
    assert not [each for name in ("state", "rules") for each in (tmp_path / name).rglob("*") if each.is_file()]
    assert earwitness("ears", "--settings", settings, "forget", "zebra").exit_code == 2


def test_what_cannot_be_learnt(settings: Path, tmp_path: Path) -> None:
    """Too few recordings, one without a word, or a name that is none: a line says what is wrong."""
    silence = written(tmp_path / "silence.wav", quiet(2))
    few = earwitness("ears", "--settings", settings, "enrol", "zebra", silence)
    assert (few.exit_code, "recordings are needed" in few.stderr) == (2, True)
    empty = earwitness("ears", "--settings", settings, "enrol", "zebra", *[silence] * 3)
    assert (empty.exit_code, "recording 1: nothing was said" in empty.stderr) == (2, True)
    none = earwitness("ears", "--settings", settings, "enrol", "../zebra", *[silence] * 3)
    assert (none.exit_code, "cannot be learnt" in none.stderr) == (2, True)


def test_a_word_is_asked_for(virtual: VirtualMicrophone, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the microphone each try is asked for; one in which nothing was said is asked for again, until one gives up."""
    monkeypatch.setattr("appliance.listening.tryout.ENROL_LISTENS_S", 0.5)
    arguments = ["ears", "--settings", str(settings), "enrol", "zebra", "--times", "3", "--device", virtual.name]
    result = CliRunner().invoke(main, arguments, input="\n" * 2)
    assert result.exit_code == 1  # the input has ended
    assert result.stdout.count("1 of 3: press Enter, and say “zebra”") == 3
    assert result.stdout.count("nothing was said") == 2


def test_without_the_engines(settings: Path) -> None:
    """Where the extra is not installed, the service says how to get it."""
    program = "import sys; sys.modules['pymicro_vad'] = None; from appliance.cli import main; main()"
    python = Path(EARWITNESS).with_name("python")
    command = [str(python), "-c", program, "ears", "--settings", str(settings)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": "."})
    assert (ran.returncode, "pip install 'earwitness[ears]'" in ran.stderr) == (2, True)
