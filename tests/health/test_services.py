# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.health.services import services
from appliance.limits import COVERED_WITHIN_S, STATUS_STALE_S
from appliance.status import Listening, PortStatus
from tests.health.readings import CAPTURE_PID, EAR_HOUSE, START, capture, ears, kinds, machine, reading


def test_all_is_well() -> None:
    """A capture that reports, lives and keeps up is no trouble; ears that nobody has are not missed."""
    assert kinds(services(reading(START + 100))) == []


@pytest.mark.parametrize(
    "said",
    [
        {"capture": None},
        {"capture": capture(START + 99 - STATUS_STALE_S)},
        {"machine": machine(START, running=frozenset())},
    ],
)
def test_a_capture_that_is_gone(said: dict[str, object]) -> None:
    """No status, an old one, or one of a process that is dead: the service is gone."""
    assert kinds(services(reading(START + 100, **said))) == ["capture-gone"]


def test_a_replay_is_alive_by_its_process() -> None:
    """The times of a replay say nothing of its age nor of its coverage."""
    status = capture(START - 1e6, boot="replay", covered_until=0.0)
    assert kinds(services(reading(START, capture=status))) == []
    assert kinds(services(reading(START, capture=status, machine=machine(START, running=frozenset())))) != []


def test_a_capture_that_lags_behind() -> None:
    """Facts that do not reach the ledger in time are told."""
    now = START + 100
    assert kinds(services(reading(now, capture=capture(now, covered_until=now - COVERED_WITHIN_S)))) == []
    behind = capture(now, covered_until=now - COVERED_WITHIN_S - 1)
    assert kinds(services(reading(now, capture=behind))) == ["capture-behind"]


@pytest.mark.parametrize(
    ("state", "words"), [("present", "is not there"), ("up", "is switched off"), ("carrier", "has no connection")]
)
def test_a_port_that_is_down(state: str, words: str) -> None:
    """A port that is away, off or without a cable is told by its name, and what is wrong with it."""
    port = PortStatus(interface="eth1", present=True, up=True, carrier=True).model_copy(update={state: False})
    (trouble,) = services(reading(START, capture=capture(START, ports=(port,))))
    assert (trouble.kind, trouble.device) == ("port-down", "eth1")
    assert words in trouble.text


def test_ears_matter_where_there_is_an_ear() -> None:
    """With an ear in the registry the ears' service must run, and know each."""
    now = START + 100
    assert kinds(services(reading(now, inventory=EAR_HOUSE, ears=ears(now)))) == []
    assert kinds(services(reading(now, inventory=EAR_HOUSE))) == ["ears-gone"]
    only = machine(now, running=frozenset({CAPTURE_PID}))
    assert kinds(services(reading(now, inventory=EAR_HOUSE, ears=ears(now), machine=only))) == ["ears-gone"]
    (trouble,) = services(reading(now, inventory=EAR_HOUSE, ears=ears(now, ears={})))
    assert (trouble.kind, trouble.device) == ("ear-gone", "kitchen")
    elsewhere = frozenset({"kitchen"})
    assert kinds(services(reading(now, inventory=EAR_HOUSE, ears=ears(now, ears={}), elsewhere=elsewhere))) == []


def test_what_is_wrong_with_an_ear_its_service_tells() -> None:
    """An ear that is there and hears nothing, or waits for the capture to tell its uploads, is not told twice."""
    now = START + 1000
    dead = Listening(covered_since=START, covered_until=START, state="dead")
    assert kinds(services(reading(now, inventory=EAR_HOUSE, ears=ears(now, ears={"kitchen": dead})))) == []


def test_a_dashboard_that_cannot_be_opened() -> None:
    """What keeps the web from being served is told in the words it has for it."""
    now = START + 100
    (trouble,) = services(reading(now, capture=capture(now), web_problem="Port 80 cannot be served: in use"))
    assert trouble.kind == "web-gone"
    assert "Port 80" in trouble.text


def test_an_ear_of_another_machine_that_does_not_hear() -> None:
    """What a satellite says of its microphone is told by its name."""
    (trouble,) = services(reading(START, ailing=(("bedroom/mic", "nothing comes"),)))
    assert (trouble.kind, trouble.device) == ("ear-deaf", "bedroom/mic")
    assert "nothing comes" in trouble.text


def test_cables_that_make_a_loop() -> None:
    """A port that the bridge keeps shut is told."""
    (trouble,) = services(reading(START + 100, machine=machine(START, shut=("eth1",))))
    assert (trouble.kind, trouble.device) == ("cables-loop", "eth1")
