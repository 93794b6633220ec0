# SPDX-License-Identifier: GPL-2.0-or-later
"""What the household behind the image does: owns it, asks to be told, and has a speaker that talks unasked."""

from pathlib import Path

from appliance.simulate.speaker import Speaker
from tests.e2e.install.street import Street
from tests.e2e.minute import Minute, Playing, arrive, at, minute, simulated, soon
from tests.e2e.player import Wire
from tests.e2e.visitor import Visitor

SENT_S = 3.5
_EVERY_S = 8.0


def become_owner(visitor: Visitor, code: str) -> None:
    """Begin the first run, with the code that the machine tells."""
    visitor.post("/setup", "/setup/language", language="en")
    visitor.own(code)


def be_told(visitor: Visitor, url: str) -> None:
    """Have alerts sent to a webhook, also of what no ear could check."""
    webhook = {"kind": "webhook", "name": "test", "level": "full", "on": "1", "url": url}
    visitor.post("/alerts/new/webhook", "/alerts/channels/webhook-0001", **webhook)
    visitor.post("/alerts", "/alerts/loudness", unheard="alert")


def talking(folder: Path, seconds: float, first: float = 10.0) -> Minute:
    """Return some time in which speakers arrive, and one sends voice every few seconds."""

    def scenes(speakers: list[Speaker]) -> None:
        arrive(speakers)
        second = first
        while second < seconds - SENT_S:
            at(speakers[0], second, _speak)
            second += _EVERY_S

    return minute(simulated(folder, seconds, scenes))


def _speak(speaker: Speaker, time: float) -> None:
    speaker.speak(time, SENT_S)


def play(played: Minute, street: Street) -> Playing:
    """Play it through the machine, from the client's side and from the router's."""
    with street.client.inside():
        home = Wire("c0")
    with street.router.inside():
        world = Wire("lan")
    return Playing(played, [home, world], soon())
