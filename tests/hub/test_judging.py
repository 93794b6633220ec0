# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.events import (
    CAPTURE,
    NAMES_ONLY,
    Coverage,
    Device,
    Ear,
    FlowKey,
    Placement,
    Proof,
    Role,
    Service,
    Speech,
    Upload,
    Wake,
)
from appliance.hub.judging import Judging
from appliance.ledger import HUB, Fact, Ledger, open_ledger
from appliance.rules import load_rules
from appliance.speakers.inventory import Inventory
from appliance.status import CaptureStatus, EarStatus, Listening
from tests.test_status import CAPTURE as STATUS

RULES = load_rules(None)
ECHO = "44:65:0d:00:00:01"
FLOW = FlowKey(ECHO, "tcp", 50_000, "203.0.113.7", 443)
ANNOUNCED = Upload(
    100.5, FLOW, "amazon-echo", None, Proof.NONE, Role.VOICE, 100.0, 100.5, None, 9000, 0, ("cadence",), None, 0.9
)
COMPLETED = replace(ANNOUNCED, time=108.0, ended_at=104.0, bytes_up=40_000)
FURNITURE = (Ear("mic", "kitchen"), Placement(ECHO, "kitchen"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def opened(path: Path, service: Service) -> Ledger:
    return open_ledger(path, service=service, now=0.0)


def capture(until: float) -> CaptureStatus:
    return STATUS.model_copy(update={"covered_since": 0.0, "covered_until": until})


def ears(until: float, name: str = "mic") -> EarStatus:
    listening = Listening(covered_since=0.0, covered_until=until)
    return EarStatus(
        service="ears",
        boot="b",
        time=until,
        started_at=0,
        pid=1,
        state="listening",
        version="1",
        ears={name: listening},
    )


def test_rows_are_judged_as_status_lets_time_go_on(path: Path) -> None:
    """An upload's row is judged when both services have told of the time that matters, though no further row comes."""
    with closing(opened(path, Service.CAPTURE)) as ledger, closing(ledger.reader()) as reader:
        boot = ledger.begin("boot", 0.0)
        judging = Judging(reader, boot, RULES, Inventory())
        judging.furnish(Inventory(), FURNITURE)
        ledger.write(boot, [Device(50.0, ECHO, "amazon-echo", "amazon", None, None, 0.9, ()), ANNOUNCED])
        devices, verdicts = judging.step(capture(101.0), ears(101.0))
        assert ([device.device for device in devices], verdicts) == ([ECHO], [])
        _, verdicts = judging.step(capture(107.0), ears(107.0))
        assert [(verdict.verdict, verdict.final) for verdict in verdicts] == [("unexplained_silence", False)]
        ledger.write(boot, [COMPLETED])
        _, verdicts = judging.step(capture(112.0), ears(112.0))
        assert [(verdict.verdict, verdict.final) for verdict in verdicts] == [("unexplained_silence", True)]


def test_ears_elsewhere_are_waited_for_and_heard(path: Path) -> None:
    """What an ear of other software told excuses an upload; without a word of it, it proves nothing."""
    ear = f"{NAMES_ONLY}hall"
    with closing(opened(path, Service.CAPTURE)) as ledger, closing(ledger.reader()) as reader:
        boot = ledger.begin("boot", 0.0)
        judging = Judging(reader, boot, RULES, Inventory())
        judging.furnish(Inventory(), [Ear(ear, "kitchen"), Placement(ECHO, "kitchen")])
        ledger.write(boot, [Device(50.0, ECHO, "amazon-echo", "amazon", None, None, 0.9, ()), ANNOUNCED])
        assert judging.step(capture(101.5), ears(100.9, ear))[1] == []
        with closing(opened(path, Service.EARS)) as heard:
            heard.write(boot, [Wake(99.5, ear, "alexa", 0.5)])
        _, verdicts = judging.step(capture(101.6), None, ears(101.1, ear))
        assert [verdict.verdict for verdict in verdicts] == ["called"]
        late = replace(ANNOUNCED, time=200.5, started_at=200.0, known_at=200.5)
        ledger.write(boot, [COMPLETED, late])
        _, verdicts = judging.step(capture(220.0), None, ears(220.0, ear))
        assert [verdict.verdict for verdict in verdicts] == ["called", "unheard"]


@pytest.mark.parametrize("crash_at", range(5))
def test_a_restart_makes_no_difference(path: Path, crash_at: int) -> None:
    """Whenever the hub is killed, the ledger ends with the same verdicts, each once."""
    spoken: list[Fact] = [Wake(99.0, "mic", "alexa", 0.9), Speech(99.5, 103.0, "mic", -30.0)]
    rows: list[tuple[Service, list[Fact]]] = [
        (Service.EARS, [*spoken, Coverage(0.0, 130.0, "mic")]),
        (Service.CAPTURE, [ANNOUNCED, Coverage(0.0, 101.0, CAPTURE)]),
        (Service.CAPTURE, [Coverage(101.0, 107.0, CAPTURE)]),
        (Service.CAPTURE, [COMPLETED, Coverage(107.0, 112.0, CAPTURE)]),
        (Service.CAPTURE, [Coverage(112.0, 130.0, CAPTURE)]),
    ]
    services = {service: opened(path, service) for service in Service}
    boot = services[Service.HUB].begin("boot", 0.0)
    reader = services[Service.HUB].reader()
    new = []
    judging = Judging(reader, boot, RULES, Inventory())
    judging.furnish(Inventory(), FURNITURE)
    for number, (service, facts) in enumerate(rows):
        services[service].write(boot, facts)
        if number == crash_at:
            judging = Judging(reader, boot, RULES, Inventory())
            judging.furnish(Inventory(), FURNITURE)
        verdicts = judging.step(None, None)[1]
        ids = services[Service.HUB].write(boot, [*verdicts, *judging.progress()])
        new += [verdict for verdict, id_ in zip(verdicts, ids, strict=False) if id_ is not None]
    assert [(verdict.verdict, verdict.final) for verdict in new] == [("called", False), ("called", True)]
    reader.close()
    for ledger in services.values():
        ledger.close()


def test_how_far_it_came_is_told_once(path: Path) -> None:
    """Progress is written as coverage of the hub's own, each stretch once."""
    with closing(opened(path, Service.CAPTURE)) as ledger, closing(ledger.reader()) as reader:
        boot = ledger.begin("boot", 0.0)
        judging = Judging(reader, boot, RULES, Inventory())
        assert judging.progress() == []
        judging.step(capture(50.0), None)
        assert judging.progress() == [Coverage(0.0, 50.0, HUB)]
        assert judging.progress() == []
        judging.step(capture(60.0), None)
        assert judging.progress() == [Coverage(50.0, 60.0, HUB)]


def test_a_loss_that_is_known_early_does_not_let_time_go_on(path: Path) -> None:
    """A replay tells losses minutes before their time: a wake word before them still waits for its upload, or none."""
    services = {service: opened(path, service) for service in Service}
    boot = services[Service.HUB].begin("boot", 0.0)
    with closing(services[Service.HUB].reader()) as reader:
        judging = Judging(reader, boot, RULES, Inventory())
        judging.furnish(Inventory(), FURNITURE)
        services[Service.CAPTURE].write(boot, [Device(50.0, ECHO, "amazon-echo", "amazon", None, None, 0.9, ())])
        services[Service.CAPTURE].write(boot, [Coverage(400.0, 401.0, CAPTURE, 3)])
        services[Service.EARS].write(boot, [Wake(99.0, "mic", "alexa", 0.9), Coverage(0.0, 500.0, "mic")])
        assert judging.step(capture(60.0), None)[1] == []
        services[Service.CAPTURE].write(boot, [Coverage(0.0, 300.0, CAPTURE)])
        assert [verdict.verdict for verdict in judging.step(None, None)[1]] == ["silent_speaker"]
    for ledger in services.values():
        ledger.close()
