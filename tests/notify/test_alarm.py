# SPDX-License-Identifier: GPL-2.0-or-later
"""The alert that the hub cannot send itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.household import Channel, Choices, Home, Level, Secrets
from appliance.language import Language, speak
from appliance.notify.alarm import Household, alarm
from appliance.tongues import tongue
from tests.notify.making import NOON, RULES
from tests.notify.receiver import Reaction, Receiver

PHONE = Channel(id="phone", kind="ntfy", name="Phone", level=Level.NORMAL)
HOME = "http://earwitness.local"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    speak(Language())


def household(folder: Path, receiver: Receiver, *channels: Channel, language: str = "") -> Household:
    secrets = Secrets(folder / "secrets" / "channels.json")
    for each in channels:
        secrets.put(each.id, {"topic": f"very-secret-{each.id}", "server": receiver.url})
    choices = Choices(channels=channels, home=Home(language=language))
    return Household(choices, secrets, RULES, HOME, tongue(language))


def test_every_channel_that_is_on_is_told(tmp_path: Path, receiver: Receiver) -> None:
    """What is switched off stays so, and who cannot be reached keeps it from nobody else."""
    off = PHONE.model_copy(update={"id": "off", "on": False})
    strange = PHONE.model_copy(update={"id": "strange", "name": "Pigeon", "kind": "pigeon"})
    broker = PHONE.model_copy(update={"id": "broker", "kind": "mqtt"})
    told = dict(alarm(household(tmp_path, receiver, strange, off, broker, PHONE), NOON))
    assert {name: outcome.arrived for name, outcome in told.items()} == {"Pigeon": False, "Phone": True}
    (request,) = receiver.wait(1)
    sent = json.loads(request.body)
    assert sent["message"].startswith("Earwitness judges nothing")
    assert sent["click"] == f"{HOME}/health"


def test_it_speaks_the_households_language(tmp_path: Path, receiver: Receiver) -> None:
    """As all alerts do."""
    list(alarm(household(tmp_path, receiver, PHONE, language="de"), NOON))
    (request,) = receiver.wait(1)
    assert "Earwitness judges nothing" not in json.loads(request.body)["message"]


def test_what_opens_a_channel_is_not_said(tmp_path: Path) -> None:
    """Its outcome goes to the journal."""
    with Receiver(lambda _number: Reaction(403, body=b"no topic very-secret-phone here")) as refusing:
        ((_, outcome),) = alarm(household(tmp_path, refusing, PHONE), NOON)
    assert not outcome.arrived
    assert "very-secret" not in outcome.words
