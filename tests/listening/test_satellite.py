# SPDX-License-Identifier: GPL-2.0-or-later
"""A satellite's service with a microphone that is not there, and a hub that speaks TLS."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from appliance.clocks import read_clocks, this_boot
from appliance.events import Service
from appliance.ledger.rows import WAKE
from appliance.limits import EARS_TICK_S
from appliance.listening.satellite import SatelliteService
from appliance.satellites.hub import Hub
from appliance.satellites.sender import Sender
from appliance.settings import EarsSettings, MicrophoneSettings, Paths, Settings
from appliance.speakers.registry import Registry
from appliance.status import EarStatus, read_status
from tests.ears.sounds import say
from tests.microphones import VirtualMicrophone
from tests.satellites.home import RULES
from tests.satellites.served import ServedHub

PATIENCE_S = 60


class Room:
    """A room with a satellite in it, and its hub."""

    def __init__(self, folder: Path, device: str) -> None:
        self.hub = ServedHub(folder / "hub", this_boot(folder))
        self.folder = folder / "satellite"
        self.folder.mkdir()
        paths = Paths(state=self.folder, run=self.folder, rules=folder / "rules.d")
        microphone = MicrophoneSettings(name="mic", device=device, room="bedroom")
        self.settings = Settings(paths=paths, ears=EarsSettings(microphones=(microphone,)))
        boot = this_boot(self.folder)
        sender = Sender(Hub(self.hub.pair("bedroom")), lambda: boot.steady(read_clocks()))
        self.ears = SatelliteService(self.settings, RULES, boot, sender)

    def until(self, done: Callable[[], object]) -> None:
        """Let the service run until something is so."""
        end = monotonic() + PATIENCE_S
        while not done():
            assert monotonic() < end
            self.ears.step()
            sleep(EARS_TICK_S)

    @property
    def state(self) -> str:
        """What the satellite says of itself."""
        status = read_status(self.folder, Service.EARS, EarStatus)
        return status.state if status else ""

    def close(self) -> None:
        """End both."""
        self.ears.close()
        self.hub.__exit__(None, None, None)


@pytest.fixture
def virtual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    with VirtualMicrophone(tmp_path) as microphone:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(microphone.config(tmp_path / "asound.conf")))
        yield microphone


@pytest.fixture
def room(tmp_path: Path, virtual: VirtualMicrophone) -> Iterator[Room]:
    (tmp_path / "hub").mkdir()
    with closing(Room(tmp_path, virtual.name)) as room:
        yield room


def test_a_word_is_in_the_hubs_ledger(room: Room, virtual: VirtualMicrophone) -> None:
    """What is said to the satellite is in the ledger of its hub, with coverage after it, and nowhere here."""
    room.until(room.hub.tells)
    virtual.queue(say("Alexa"))
    room.until(lambda: room.hub.rows(WAKE))
    word = room.hub.rows(WAKE)[0]
    assert (word.ear, word.word) == ("bedroom/mic", "alexa")
    assert word.time == pytest.approx(room.hub.boot.anchor / 1e9 + virtual.ended_at, abs=1.0)
    room.until(lambda: room.hub.status().ears["bedroom/mic"].covered_until > word.time)
    assert room.hub.status().ears["bedroom/mic"].room == "bedroom"
    assert [each.name for each in room.folder.iterdir() if each.suffix == ".sqlite"] == []


def test_it_listens_for_what_the_hub_wants(room: Room) -> None:
    """When a speaker is known to the hub, its words are those that the satellite listens for."""
    room.until(room.hub.tells)
    with closing(Registry(room.hub.settings.paths.registry, 0.0)) as registry:
        registry.correct("aa:bb:cc:00:00:01", {"wake_words": ["computer"], "status": "confirmed"})
    room.until(lambda: room.ears._words == frozenset({"computer"}))


def test_a_hub_that_is_away_is_told(room: Room) -> None:
    """The status says why nothing is told, and how much waits; afterwards all is well."""
    room.until(room.hub.tells)
    room.hub.away()
    room.until(lambda: "does not answer" in room.state and "facts wait for the hub" in room.state)
    room.hub.server = room.hub.serve()
    room.until(lambda: room.state == "listening")
