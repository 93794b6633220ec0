# SPDX-License-Identifier: GPL-2.0-or-later
"""The second half: one upload of the evening over a wire of the kernel's (veth), at its own speed, through the ring.

No ear listens there, so its verdict is ``unheard``.
"""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from appliance.capture import open_capture, parse
from appliance.clocks import read_clocks, this_boot
from appliance.events import Service, Verdict
from appliance.limits import SELFTEST_WIRE_S
from appliance.selftest.house import Due, due
from appliance.selftest.outcome import Outcome, compare
from appliance.selftest.services import Trial
from appliance.status import CaptureStatus, HubStatus, read_status

NEAR, FAR = "ew-near", "ew-far"
_BEFORE_S, _AFTER_S = 2.0, 2.0  # what is played around the upload
_VERDICT = "unheard"


class Sent(NamedTuple):
    """A frame, and when it is due in seconds after the first."""

    after: float
    frame: bytes


def over_a_wire(folder: Path, played: Path, progress: Callable[[float], None]) -> Outcome:
    """Send an upload over a wire; ``progress`` is told the share done.

    Raises SelftestError if something breaks, OSError where no wire may be laid or listened to.
    """
    lay()
    upload = shortest(played)
    frames = list(around(upload, played / "capture.pcapng"))
    trial = Trial(folder, capture={"placement": "mirror", "interfaces": [NEAR], "watch": "everything"})
    with trial.running(Service.CAPTURE) as capture, trial.running(Service.HUB) as hub:
        services = {Service.CAPTURE: capture, Service.HUB: hub}
        trial.wait(services, lambda: _watches(trial), SELFTEST_WIRE_S, "beginning to watch")
        begin = this_boot(trial.paths.run).steady(read_clocks())
        send(frames, progress)
        trial.wait(services, lambda: bool(_final(trial)), SELFTEST_WIRE_S, "finding the upload")
    start = begin + _BEFORE_S
    expected = Due(_VERDICT, upload.device, start, start + upload.end - upload.start)
    return compare([expected], _final(trial))[0]


def lay() -> None:
    """Lay a wire whose ends are up. Raises OSError where that is not permitted."""
    for command in (
        f"ip link add {FAR} mtu 65535 type veth peer name {NEAR} mtu 65535",
        f"ip link set {FAR} up",
        f"ip link set {NEAR} up",
    ):
        done = subprocess.run(command.split(), capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            raise OSError(done.returncode, done.stderr.strip() or "ip failed", "ip link")


def shortest(played: Path) -> Due:
    """Return the shortest upload that was called."""
    return min(
        (one for one in due(played / "truth.jsonl") if one.verdict == "called"), key=lambda one: one.end - one.start
    )


def around(upload: Due, capture: Path) -> Iterator[Sent]:
    """Yield the frames from and to the upload's device, from a little before it to a little after it."""
    mac = int(upload.device.replace(":", ""), 16)
    first = (upload.start - _BEFORE_S) * 1e9
    with open_capture(capture) as chunks:
        for packets in chunks:
            frames = parse(packets)
            of_device = (frames.source == mac) | (frames.target == mac)
            near = (packets.time >= first) & (packets.time <= (upload.end + _AFTER_S) * 1e9)
            for row in np.flatnonzero(of_device & near).tolist():
                at, size = int(packets.at[row]), int(packets.captured[row])
                yield Sent((int(packets.time[row]) - first) / 1e9, packets.buffer[at : at + size].tobytes())


def send(frames: list[Sent], progress: Callable[[float], None]) -> None:
    """Send each frame when it is due."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as far:
        far.bind((FAR, 0))
        begin = time.monotonic()
        for after, frame in frames:
            time.sleep(max(0.0, begin + after - time.monotonic()))
            far.send(frame)
            progress(after / frames[-1].after)


def _watches(trial: Trial) -> bool:
    status = read_status(trial.paths.run, Service.CAPTURE, CaptureStatus)
    hub = read_status(trial.paths.run, Service.HUB, HubStatus)
    return status is not None and hub is not None and any(port.carrier for port in status.ports)


def _final(trial: Trial) -> list[Verdict]:
    return [verdict for verdict in trial.verdicts() if verdict.final]
