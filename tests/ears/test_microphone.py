# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.ears.block import Block
from appliance.ears.engine import RATE
from appliance.ears.microphone import Microphone
from appliance.settings import MicrophoneSettings
from tests.ears.sounds import tone
from tests.microphones import VirtualMicrophone

PATIENCE_S = 20


@pytest.fixture
def virtual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    with VirtualMicrophone(tmp_path) as microphone:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(microphone.config(tmp_path / "asound.conf")))
        yield microphone


def read_until(microphone: Microphone, done: Callable[[list[Block]], bool]) -> list[Block]:
    blocks: list[Block] = []
    end = time.monotonic() + PATIENCE_S
    while not done(blocks):
        assert time.monotonic() < end, microphone.problem
        blocks += microphone.read(time.monotonic())
    return blocks


def seconds(wanted: float) -> Callable[[list[Block]], bool]:
    return lambda blocks: sum(len(block.samples) for block in blocks) >= wanted * RATE


def child_of(microphone: Microphone) -> int:
    assert microphone._child is not None
    return microphone._child.pid


def test_sound_comes_as_it_is(virtual: VirtualMicrophone) -> None:
    """What the microphone hears comes sample by sample, in real time, and nothing of it is lost."""
    microphone = Microphone(MicrophoneSettings(name="m", device="virtual"))
    began = time.monotonic()
    read_until(microphone, seconds(0.2))
    sound = tone(0.5)
    virtual.say(sound)
    blocks = read_until(microphone, seconds(0.7))
    assert blocks[-1].ended_at == pytest.approx(time.monotonic(), abs=0.5)
    assert blocks[0].time >= began - 0.1
    heard = np.concatenate([block.samples for block in blocks]).astype(np.float64)
    assert np.correlate(heard, sound).max() == pytest.approx(float(np.sum(sound.astype(np.float64) ** 2)), rel=0.05)
    assert not any(block.lost for block in blocks)
    microphone.close()


def test_it_comes_back_by_itself(virtual: VirtualMicrophone) -> None:
    """A program that is killed, as when a plug is pulled, is begun anew, and says meanwhile that nothing comes."""
    microphone = Microphone(MicrophoneSettings(name="m", device=virtual.name))
    read_until(microphone, seconds(0.2))
    os.kill(child_of(microphone), signal.SIGKILL)
    read_until(microphone, lambda _blocks: microphone.problem != "")
    read_until(microphone, seconds(0.2))
    assert microphone.problem == ""
    microphone.close()


def test_a_program_that_hangs_is_begun_anew(virtual: VirtualMicrophone) -> None:
    """One that gives nothing for seconds is ended."""
    microphone = Microphone(MicrophoneSettings(name="m", device=virtual.name))
    read_until(microphone, seconds(0.2))
    hanging = child_of(microphone)
    os.kill(hanging, signal.SIGSTOP)
    now = time.monotonic()
    while microphone._child is not None:
        now += 100
        list(microphone.read(now))  # at first what came before it hung
    assert microphone.problem == "nothing comes from it"
    list(microphone.read(now + 100))
    assert child_of(microphone) != hanging
    microphone.close()


@pytest.mark.usefixtures("virtual")
def test_a_device_that_is_not_there_is_named() -> None:
    """What arecord complains of is what the problem says, in its words."""
    microphone = Microphone(MicrophoneSettings(name="m", device="absent"))
    read_until(microphone, lambda _blocks: microphone.problem != "" and microphone._child is None)
    assert microphone.problem == "audio open error: No such file or directory"
    microphone.close()


def test_without_arecord(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where arecord is not installed, the problem says how to get it."""
    monkeypatch.setenv("PATH", "/nowhere")
    microphone = Microphone(MicrophoneSettings(name="m"))
    assert list(microphone.read(0.0)) == []
    assert "apt install alsa-utils" in microphone.problem
    microphone.close()


def test_overruns_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What arecord says it lost is told with the next block, as that many samples."""
    program = tmp_path / "arecord"
    overrun = "echo 'overrun!!! (at least 250.000 ms long)' >&2"
    program.write_text(f"#!/bin/sh\n{overrun}\nwhile head -c 1600 /dev/zero; do sleep 0.05; done\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    microphone = Microphone(MicrophoneSettings(name="m"))
    blocks = read_until(microphone, lambda blocks: any(block.lost for block in blocks))
    assert [block.lost for block in blocks if block.lost] == [4000]
    assert microphone.problem == ""
    microphone.close()
