# SPDX-License-Identifier: GPL-2.0-or-later
"""One microphone, through ``arecord`` of alsa-utils: a program of its own, which writes samples to a pipe.

What nobody has fetched waits in that pipe: memory of the kernel, bounded, and never swapped. Nothing is in a file.
"""

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress

from appliance.ears.block import Block
from appliance.ears.stream import Form, Stream
from appliance.limits import (
    BUFFER_US,
    COMPLAINT_CHARACTERS,
    MICROPHONE_HANGS_S,
    MICROPHONE_RETRY_S,
    PERIOD_US,
    PIPE_BYTES,
)
from appliance.settings import MicrophoneSettings, SampleFormat

_BYTES = {SampleFormat.S16: 2, SampleFormat.S32: 4}
_OVERRUN = re.compile(rb"overrun!!! \(at least ([\d.]+) ms long\)")
_PLACE = re.compile(r"^arecord: \w+:\d+: ")


class Microphone:
    """Gives blocks of sound while there is a microphone; begins anew, by itself, when it is back."""

    def __init__(self, settings: MicrophoneSettings) -> None:
        self.problem = ""  #: why nothing comes, in words; empty if something does
        self._settings = settings
        channel = None if settings.channel is None else settings.channel - 1
        self._form = Form(settings.rate, settings.channels, channel, _BYTES[settings.format])
        self._child: subprocess.Popen[bytes] | None = None
        self._stream = Stream(self._form)
        self._retry_at = float("-inf")
        self._heard_at = self._lost_s = 0.0

    def read(self, now: float) -> Iterator[Block]:
        """Yield what came since the last call; ``now``: steady seconds."""
        if self._child is None:
            if now >= self._retry_at:
                self._start(now)
            return
        self._lost_s += self._complaints(self._child)
        raw = _fetched(self._child)
        if raw:
            lost_s, self._lost_s = self._lost_s, 0.0
            self.problem, self._heard_at = "", now
            yield from self._stream.feed(raw, now, lost_s)
        elif raw == b"" or now - self._heard_at > MICROPHONE_HANGS_S:
            self._stop(self._child)
            self._retry_at = now + MICROPHONE_RETRY_S

    def close(self) -> None:
        """Let go of the microphone."""
        problem = self.problem
        if self._child is not None:
            self._stop(self._child)
        self.problem = problem

    def _start(self, now: float) -> None:
        wanted = self._settings
        command = ["arecord", "-q", "-t", "raw", "-D", wanted.device, "-f", wanted.format, "-r", str(wanted.rate)]
        command += ["-c", str(wanted.channels), f"--period-time={PERIOD_US}", f"--buffer-time={BUFFER_US}"]
        pipe = subprocess.PIPE
        try:
            self._child = subprocess.Popen(  # noqa: S603 - the device's name is checked in the settings
                command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=os.environ | {"LC_ALL": "C"}
            )
        except OSError as error:
            self.problem = f"arecord cannot be started ({error.strerror}): apt install alsa-utils"
            self._retry_at = now + MICROPHONE_RETRY_S
            return
        for end in (self._child.stdout, self._child.stderr):
            if end is not None:
                os.set_blocking(end.fileno(), False)
                with suppress(OSError):  # where somebody has many pipes it stays as it is
                    fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._stream, self._heard_at, self._lost_s = Stream(self._form), now, 0.0

    def _stop(self, child: subprocess.Popen[bytes]) -> None:
        """End the program, and keep its last words."""
        child.kill()
        child.wait()
        self._complaints(child)
        self.problem = self.problem or "nothing comes from it"
        for end in (child.stdout, child.stderr):
            if end is not None:
                end.close()
        self._child = None

    def _complaints(self, child: subprocess.Popen[bytes]) -> float:
        """Read what the program complains of; return how many seconds of sound it lost by its own word."""
        said = child.stderr.read() if child.stderr else None
        if not said:
            return 0.0
        overruns = _OVERRUN.findall(said)
        if not overruns:
            words = _PLACE.sub("", said.decode(errors="replace").strip().splitlines()[-1])
            self.problem = "".join(filter(str.isprintable, words))[:COMPLAINT_CHARACTERS]
        return sum(float(each) for each in overruns) / 1000


def _fetched(child: subprocess.Popen[bytes]) -> bytes | None:
    """Return what waits in the pipe, all of it; nothing if its end was reached, None if there is nothing yet."""
    try:
        return os.read(child.stdout.fileno(), PIPE_BYTES) if child.stdout else b""
    except BlockingIOError:
        return None
