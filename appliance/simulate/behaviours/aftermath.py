# SPDX-License-Identifier: GPL-2.0-or-later
"""What follows an upload and is none: the companions of a command, metrics, and reports on the voice flow itself."""

from dataclasses import replace
from functools import partial
from random import Random

from appliance.simulate.models import Sizes, Timer
from appliance.simulate.speaker import Speaker
from appliance.simulate.tcp import Connection

ACTIVE = 25  #: seconds that a speaker stays active after an upload
REPORTING = 0.8  #: share of uploads that a report follows
METRICS_AFTER = 0.15  #: share of uploads that bulk telemetry follows
LARGE_METRICS = 0.04  #: share of bulk telemetry that is far larger
LARGEST_METRICS = 1_100_000  #: bytes
TOLD = 3000  #: bytes upstream from which a burst is worth a line of truth


def after_command(speaker: Speaker, end: float) -> None:
    """Send what accompanies every real command."""
    for timer in speaker.model.after_command:
        start = end + speaker.dice("companion", end, timer.host).uniform(0.2, timer.every)
        speaker.stage.at(start, "telemetry", partial(errand, speaker, timer, start))


def after_upload(speaker: Speaker, end: float) -> None:
    """Plan the pings, the report and the metrics that follow an upload."""
    if speaker.voice.active_ping:
        for second in range(ACTIVE):
            speaker.stage.at(end + second, "keep_alives", partial(active_ping, speaker, end + second))
    dice = speaker.dice("aftermath", end)
    report_at, metrics_at = end + dice.uniform(*speaker.model.report_after), end + dice.uniform(3, 40)
    if dice.random() < REPORTING and speaker.flow is not None:
        speaker.stage.at(report_at, "reports", partial(report, speaker, report_at))
    if dice.random() < METRICS_AFTER:
        speaker.stage.at(metrics_at, "telemetry", partial(metrics, speaker, metrics_at))


def active_ping(speaker: Speaker, time: float) -> None:
    """Ping on the voice flow, as an active HomePod does each second."""
    if speaker.flow is not None:
        speaker.flow.write(time, speaker.stage.noise.record(speaker.voice.active_ping))


def report(speaker: Speaker, time: float) -> None:
    """Report on the voice flow that playback is over: some events within half a second, each with the whole context."""
    dice = speaker.dice("report", time)
    flow = speaker.flow
    if flow is None:
        return
    voice, now = speaker.voice, time
    event = sum((*voice.header, *voice.end)) + sum(voice.context) / 2
    for _ in range(max(1, round(dice.triangular(*speaker.model.report) / event))):
        for length in (*voice.header, dice.randint(*voice.context), *voice.end):
            flow.write(now, speaker.stage.noise.record(length))
            now += dice.uniform(0.0001, 0.004)
        flow.write(now + 0.07, speaker.stage.noise.record(87), up=False)
        now += dice.uniform(0.05, 0.3)
    speaker.stage.burst(speaker.device, time, now, "report")


def metrics(speaker: Speaker, time: float) -> None:
    """Send bulk telemetry as fast as the line takes it."""
    dice = speaker.dice("metrics", time)
    size = dice.randint(*speaker.model.metrics_sizes)
    if dice.random() < LARGE_METRICS:
        size = dice.randint(100_000, LARGEST_METRICS)
    errand(speaker, Timer(speaker.model.metrics, 0, (size, size), (200, 900)), time)


def errand(speaker: Speaker, timer: Timer, time: float, kind: str = "telemetry") -> None:
    """Make one short connection: hello, what there is to say, the answer, and goodbye."""
    dice = speaker.dice("errand", timer.host, time)
    if timer.quic:
        _errand_quic(speaker, timer, time, kind)
        return
    stage = speaker.stage
    manner = replace(speaker.manner, v6=speaker.v6 and dice.random() < 0.5)
    flow, ready = stage.net.open(speaker.machine, timer.host, time, manner)
    size = dice.randint(*timer.up)
    done = send(speaker, flow, ready, size)
    flow.write(done + 0.05, stage.noise.record(dice.randint(*timer.down)), up=False)
    flow.close(done + dice.uniform(0.1, 0.3))
    if size >= TOLD:
        stage.burst(speaker.device, time, done + 0.5, kind)


def send(speaker: Speaker, flow: Connection, time: float, size: int) -> float:
    """Write ``size`` bytes as fast as slow start allows: ten segments, then twice as many a round trip (RFC 6928)."""
    window = 14_600
    while size > 0:
        part = min(size, window)
        for done in range(0, part, 16_384):
            flow.write(time, speaker.stage.noise.record(min(part - done, 16_384) + 24))
        size -= part
        window = min(window * 2, 400_000)
        time += 0.025 + part / 4_000_000
    return time


def _errand_quic(speaker: Speaker, timer: Timer, time: float, kind: str) -> None:
    dice = speaker.dice("errand", timer.host, time)
    flow, ready = speaker.stage.net.open_quic(speaker.machine, timer.host, time, speaker.manner)
    size = dice.randint(*timer.up)
    for sent in range(0, size, 1230):
        flow.write(ready + sent * 1e-5, b"\x52" + speaker.stage.noise.take(min(size - sent, 1230)))
    flow.write(ready + 0.06, b"\x41" + speaker.stage.noise.take(min(1200, dice.randint(*timer.down))), up=False)
    flow.close()
    if size >= TOLD:
        speaker.stage.burst(speaker.device, time, ready + 0.2, kind)


def bulk_size(dice: Random, sizes: Sizes) -> int:
    """Return a size between the two, small ones more often."""
    return int(sizes[0] * (sizes[1] / sizes[0]) ** dice.random())
