# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient

from appliance.calibration.course import COMMANDS
from appliance.events import Service
from appliance.ledger import open_ledger
from appliance.status import CaptureStatus, write_status
from tests.calibration.acts import said, sent
from web.house import House

BOOT = "simulated-calibration"
MIC = "practice"


@pytest.fixture
def mac(house: House) -> str:
    """A speaker, in the room of an ear that hears its name."""
    speaker = next(each for each in house.registry.inventory.devices if each.speaker == "amazon-echo")
    house.registry.put_ear(MIC, "kitchen")
    house.registry.correct(speaker.mac, {"room": "kitchen", "wake_words": ["alexa"]})
    return speaker.mac


def capture(house: House, until: float, state: str = "watching") -> None:
    """Have the capture say how far it is."""
    status = CaptureStatus(
        service="capture",
        boot=BOOT,
        time=until,
        started_at=0.0,
        pid=1,
        state=state,
        version="0",
        placement="replay",
        watch="speakers",
        covered_since=0.0,
        covered_until=until,
        last_seen={"02:00:00:00:00:01": until},
    )
    write_status(house.settings.paths.run, status)


def called(house: House, mac: str, *times: float, heard: bool = True) -> None:
    """Put commands into the ledger that began at these times."""
    for service in (Service.CAPTURE, Service.EARS):
        with closing(open_ledger(house.settings.paths.ledger, service=service, now=0.0)) as ledger:
            boot = ledger.begin(BOOT, 0.0)
            for time in times:
                if service is Service.CAPTURE:
                    ledger.write(boot, sent(time, device=mac))
                elif heard:
                    ledger.write(boot, [said(time - 0.4, ear=MIC)])


def begin(owner: FlaskClient, house: House, mac: str) -> str:
    """Start, and return where the page leads then."""
    capture(house, 1000.0)
    answer = owner.post(f"/speakers/{mac}/calibrate")
    assert answer.status_code == 303
    return str(answer.location)


def text(owner: FlaskClient, path: str) -> str:
    answer = owner.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def state(owner: FlaskClient, where: str) -> dict[str, Any]:
    answer = owner.get(where.replace("/calibrate?", "/calibrate/state.json?"))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_five_commands_teach_what_is_usual(owner: FlaskClient, house: House, mac: str) -> None:
    """Each question comes after the answer to the one before; at the end what was learnt can be kept."""
    where, asked = begin(owner, house, mac), 1000.0
    assert "“Alexa, what time is it?”" in text(owner, where)
    for number in range(1, COMMANDS + 1):
        called(house, mac, asked + 3)
        capture(house, asked + 4)
        now = state(owner, where)
        assert (now["number"], now["ask"], now["over"]) == (number, "", False)
        asked += 3 + 2 + 3 + 4
        capture(house, asked)
        assert state(owner, where)["over"] == (number == COMMANDS)
    page = text(owner, where)
    assert "All five commands were caught" in page
    boot_and_since = {"boot": BOOT, "since": "1000.000"}
    assert owner.post(f"/speakers/{mac}/calibrate/keep", data=boot_and_since).location == f"/speakers/{mac}"
    learnt = next(each.learnt for each in house.registry.inventory.devices if each.mac == mac)
    assert learnt is not None
    assert (learnt.commands, learnt.host) == (COMMANDS, "bob-dispatch-prod-eu.amazon.com")
    assert learnt.delay_s == pytest.approx(0.4)
    assert learnt.rate == pytest.approx(10_000, rel=0.01)


def test_what_each_side_caught_is_shown_as_it_comes(owner: FlaskClient, house: House, mac: str) -> None:
    """The line of a command says what the network saw and what the ear heard, while it is waited for and after."""
    where = begin(owner, house, mac)
    (line,) = state(owner, where)["lines"]
    assert (line["state"], line["network"], line["ear"]) == ("waiting", "looks …", "listens …")
    called(house, mac, 1003.0)
    capture(house, 1004.0)
    (line,) = state(owner, where)["lines"]
    assert (line["network"], line["delay"]) == ("sees it send", "0.4 s after the name")
    assert line["ear"] == "heard “alexa”, score 0.90"
    capture(house, 1020.0)
    assert state(owner, where)["lines"][0]["title"] == "Caught by both"


def test_it_says_plainly_when_it_saw_nothing(owner: FlaskClient, house: House, mac: str) -> None:
    """Commands that no ear heard are a deaf ear; nothing at all is told as nothing, and nothing can be kept of it."""
    where = begin(owner, house, mac)
    capture(house, 1000.0 + 200)
    page = text(owner, where)
    assert "Neither the name nor an upload was caught" in page
    assert "Keep what it taught" not in page
    owner.post(f"/speakers/{mac}/calibrate/keep", data={"boot": BOOT, "since": "1000.000"})
    assert "taught nothing that could be kept" in text(owner, f"/speakers/{mac}")
    called(house, mac, *(1003.0 + 12 * number for number in range(COMMANDS)), heard=False)
    assert "the ear heard nobody talk" in text(owner, where)


def test_without_a_capture_it_does_not_begin(owner: FlaskClient, house: House, mac: str) -> None:
    """Where nobody watches there is nothing to catch: the page says so instead of waiting."""
    capture(house, 1000.0, "stopped")
    assert "The capture does not run" in text(owner, f"/speakers/{mac}/calibrate")
    assert owner.post(f"/speakers/{mac}/calibrate").location == f"/speakers/{mac}/calibrate"
    assert "The capture does not run" in text(owner, f"/speakers/{mac}/calibrate")


def test_what_is_not_watched_is_not_calibrated(owner: FlaskClient, house: House, mac: str) -> None:
    """Of a device that is ignored the capture lets nothing in: the page says what to do first."""
    capture(house, 1000.0)
    house.registry.correct(mac, {"status": "ignored"})
    page = text(owner, f"/speakers/{mac}/calibrate")
    assert "This device is not watched" in page
    assert "Start" not in page
    assert f"/speakers/{mac}/calibrate" not in text(owner, f"/speakers/{mac}")


@pytest.mark.parametrize("query", ["", "?boot=x", "?boot=x&since=inf", "?boot=x&since=nan", "?boot=x&since=soon"])
def test_a_begin_that_is_none_is_refused(owner: FlaskClient, house: House, mac: str, query: str) -> None:
    """What the page's script asks for needs a boot and a time; the page itself begins anew without."""
    capture(house, 1000.0)
    assert owner.get(f"/speakers/{mac}/calibrate/state.json{query}").status_code == 400
    assert "Start" in text(owner, f"/speakers/{mac}/calibrate{query}")


def test_an_unknown_boot_has_nothing(owner: FlaskClient, house: House, mac: str) -> None:
    """Somebody else's begin, or one of long ago, waits for its first command."""
    capture(house, 1000.0)
    found = state(owner, f"/speakers/{mac}/calibrate?boot=another&since=5")
    assert (found["number"], found["over"]) == (1, False)


def test_only_owners_calibrate(viewer: FlaskClient, house: House, mac: str) -> None:
    """A viewer has no such page."""
    for path in ("calibrate", "calibrate/state.json"):
        assert viewer.get(f"/speakers/{mac}/{path}").status_code == 403
    for path in ("calibrate", "calibrate/keep"):
        assert viewer.post(f"/speakers/{mac}/{path}").status_code == 403
    assert house.registry.inventory.devices
