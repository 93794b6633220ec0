# SPDX-License-Identifier: GPL-2.0-or-later
import random

import pytest

from appliance.simulate.behaviours.aftermath import after_upload, bulk_size, errand, metrics, report, send
from appliance.simulate.models import Timer
from tests.simulate.playing import Theatre, calm, payload, records, stream

BEGIN = 1_781_395_200.0 + 3600


def test_a_report_is_on_the_voice_flow_and_no_beat() -> None:
    """Some ten kilobytes leave within half a second, as events with their context, on the flow that voice uses."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    report(it, BEGIN)
    assert it.flow is not None
    found = theatre.play()
    lengths = records(stream(found, it.flow.device.port, up=True))
    sent = [float(packet.time) for packet in found if packet.src == it.device and payload(packet)]
    assert it.model.report[0] - 2500 <= sum(lengths) <= it.model.report[1] + 2500
    assert max(map(lengths.count, lengths)) <= 2 * sum(length >= 3800 for length in lengths)
    assert sent[-1] - sent[0] < 2
    assert theatre.truth()[0]["kind"] == "report"


@pytest.mark.parametrize("model", ["echo", "home-mini"])
def test_an_errand_is_over_soon(model: str) -> None:
    """A companion opens its own connection, says what it has to, and is done in a second."""
    theatre = Theatre(calm("ipv6"))
    it = theatre.speaker(model)
    errand(it, Timer("log.example", 0, (6000, 7000), (300, 400), quic=model == "home-mini"), BEGIN)
    sent = [(float(packet.time), len(payload(packet))) for packet in theatre.play() if packet.src == it.device]
    assert sum(size for _, size in sent) > 6000
    assert sent[-1][0] - BEGIN < 1.5
    assert theatre.truth()[0]["kind"] == "telemetry"


def test_metrics_leave_at_wire_speed() -> None:
    """Bulk telemetry is through long before speech of that size could be."""
    theatre = Theatre(calm())
    metrics(theatre.speaker(), BEGIN)
    (told,) = theatre.truth()
    assert float(str(told["end"])) - float(str(told["start"])) < 1.5


def test_slow_start_then_all_of_it() -> None:
    """A megabyte takes some round trips more than ten kilobytes, and every byte is sent."""
    theatre = Theatre(calm())
    it = theatre.speaker()
    assert it.flow is not None
    small = send(it, it.flow, BEGIN, 10_000) - BEGIN
    large = send(it, it.flow, BEGIN + 10, 1_000_000) - BEGIN - 10
    assert small < 0.05 < large < 1
    assert sum(records(stream(theatre.play(), it.flow.device.port, up=True))) >= 1_010_000


def test_an_upload_has_consequences() -> None:
    """Over some uploads there are reports, 5 to 32 s later; a HomePod pings each second while it is active."""
    theatre = Theatre(calm("telemetry"))
    echo, pod = theatre.speaker(), theatre.speaker("homepod", "hall", 1)
    for scene in range(10):
        after_upload(echo, BEGIN + 100 * scene)
    after_upload(pod, BEGIN)
    found = theatre.play()
    offsets = [float(str(line["start"])) - BEGIN for line in theatre.truth() if line["device"] == echo.device]
    assert 4 <= len(offsets) <= 10
    assert all(5 <= offset % 100 <= 32.1 for offset in offsets)
    assert sum(len(payload(packet)) == 39 for packet in found if packet.src == pod.device) >= 20


def test_sizes_are_rather_small() -> None:
    """A bulk size lies between its bounds, and half of them far below the middle."""
    dice = random.Random(1)
    sizes = sorted(bulk_size(dice, (1000, 1_000_000)) for _ in range(1001))
    assert sizes[0] >= 1000
    assert sizes[-1] <= 1_000_000
    assert sizes[500] < 50_000
