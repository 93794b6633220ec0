# SPDX-License-Identifier: GPL-2.0-or-later
"""A microphone that is not there: ALSA's file plugin reads it out of a named pipe, at the pace of a real one."""

import os
import shutil
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from appliance.clocks import read_clocks
from appliance.ears.engine import RATE, Samples
from appliance.limits import PERIOD_US

_CHUNK = RATE * PERIOD_US // 1_000_000  #: samples; what arecord asks for at a time, since ALSA takes no less


class VirtualMicrophone:
    """The ALSA device ``name``, in a quiet room in which nothing is said but what ``say`` says."""

    def __init__(self, folder: Path, name: str = "virtual") -> None:
        if not shutil.which("arecord"):
            pytest.skip("arecord is not installed: it is part of the Debian package alsa-utils")
        self.name = name
        self._pipe = folder / f"{name}.pipe"
        os.mkfifo(self._pipe)
        self.alsa = f"pcm.{name} {{ type file slave.pcm null file /dev/null infile {self._pipe} format raw }}\n"
        self._waiting: deque[Samples] = deque()
        self._said = threading.Condition()
        self._over = threading.Event()
        self._noise = np.random.default_rng(0).integers(-8, 9, 100 * _CHUNK).astype(np.int16)
        self._thread = threading.Thread(target=self._play, daemon=True)
        self.ended_at = 0.0  #: when the last of what was said was heard, in seconds of CLOCK_BOOTTIME
        self.zeros = False  #: give nothing but zeros: the switch of the microphone is off

    def config(self, path: Path, *others: "VirtualMicrophone") -> Path:
        """Write an ALSA configuration with this microphone, and others; the caller puts it into ALSA_CONFIG_PATH."""
        devices = "".join(each.alsa for each in (self, *others))
        path.write_text(f"</usr/share/alsa/alsa.conf>\n{devices}")
        return path

    def queue(self, sound: Samples) -> None:
        """Have ``sound`` heard next."""
        padded = np.append(sound, np.zeros(-sound.size % _CHUNK, np.int16)).reshape(-1, _CHUNK)
        with self._said:
            self._waiting.extend(padded)

    def say(self, sound: Samples) -> float:
        """Have ``sound`` heard, and wait until it was; return the time of its end, in seconds of CLOCK_BOOTTIME."""
        self.queue(sound)
        with self._said:
            assert self._said.wait_for(lambda: not self._waiting, timeout=sound.size / RATE + 30), "nobody listens"
        return self.ended_at

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _play(self) -> None:
        """Write a period of sound each period, while somebody reads."""
        chunks = 0
        pipe, began = -1, 0.0
        while not self._over.is_set():
            if pipe < 0:
                with suppress(OSError):
                    pipe = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
                chunks, began = 0, time.monotonic()
            elif not self._write(pipe, chunks):
                os.close(pipe)
                pipe = -1
            chunks += 1
            self._over.wait(max(0.0, began + chunks * _CHUNK / RATE - time.monotonic()))

    def _write(self, pipe: int, number: int) -> bool:
        """Write the next 50 ms; say whether somebody reads."""
        noise = self._noise[number % 100 * _CHUNK :][:_CHUNK]
        with self._said:
            said = bool(self._waiting)
            chunk = self._waiting.popleft() if said else noise
            try:
                os.write(pipe, bytes(2 * _CHUNK) if self.zeros else np.clip(chunk + noise, -32768, 32767).tobytes())
            except BrokenPipeError:
                return False
            if said:
                self.ended_at = read_clocks().boot / 1e9
            self._said.notify_all()
        return True
