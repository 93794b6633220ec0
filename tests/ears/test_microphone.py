# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


@pytest.fixture
def opened() -> Iterator[Callable[..., Microphone]]:
    """Opens microphones, and closes them whatever becomes of the test."""
    with ExitStack() as closing:

        def made(**settings: object) -> Microphone:
            microphone = Microphone(MicrophoneSettings.model_validate({"name": "m"} | settings))
            closing.callback(microphone.close)
            return microphone

        yield made


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


def test_sound_comes_as_it_is(virtual: VirtualMicrophone, opened: Callable[..., Microphone]) -> None:
    """What the microphone hears comes sample by sample, in real time, and nothing of it is lost."""
    microphone = opened(device="virtual")
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


def test_it_comes_back_by_itself(virtual: VirtualMicrophone, opened: Callable[..., Microphone]) -> None:
    """A program that is killed, as when a plug is pulled, is begun anew, and says meanwhile that nothing comes."""
    microphone = opened(device=virtual.name)
    read_until(microphone, seconds(0.2))
    os.kill(child_of(microphone), signal.SIGKILL)
    read_until(microphone, lambda _blocks: microphone.problem != "")
    read_until(microphone, seconds(0.2))
    assert microphone.problem == ""


def test_a_program_that_hangs_is_begun_anew(virtual: VirtualMicrophone, opened: Callable[..., Microphone]) -> None:
    """One that gives nothing for seconds is ended."""
    microphone = opened(device=virtual.name)
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
def test_a_device_that_is_not_there_is_named(opened: Callable[..., Microphone]) -> None:
    """What arecord complains of is what the problem says, in its words."""
    microphone = opened(device="absent")
    read_until(microphone, lambda _blocks: microphone.problem != "" and microphone._child is None)
    assert microphone.problem == "audio open error: No such file or directory"


def test_without_arecord(monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Microphone]) -> None:
    """Where arecord is not installed, the problem says how to get it."""
    monkeypatch.setenv("PATH", "/nowhere")
    microphone = opened()
    assert list(microphone.read(0.0)) == []
    assert "apt install alsa-utils" in microphone.problem


def test_overruns_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Microphone]
) -> None:
    """What arecord says it lost is told with the next block, as that many samples."""
    program = tmp_path / "arecord"
    overrun = "echo 'overrun!!! (at least 250.000 ms long)' >&2"
    program.write_text(f"#!/bin/sh\n{overrun}\nwhile head -c 1600 /dev/zero; do sleep 0.05; done\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    microphone = opened()
    blocks = read_until(microphone, lambda blocks: any(block.lost for block in blocks))
    assert [block.lost for block in blocks if block.lost] == [4000]
    assert microphone.problem == ""
