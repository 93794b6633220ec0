# SPDX-License-Identifier: GPL-2.0-or-later
"""The service with a microphone that is not there, and everything else as it is in a house."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

from appliance.clocks import Boot, this_boot
from appliance.commands.services import opened_in
from appliance.events import FlowKey, Proof, Role, Service, Upload
from appliance.ledger.rows import COVERAGES, FINDINGS, SPEECH, WAKE, F, Table
from appliance.limits import EARS_TICK_S
from appliance.listening.service import EarsService
from appliance.rules import load_rules
from appliance.settings import EarsSettings, MicrophoneSettings, Paths, Settings
from appliance.status import CaptureStatus, EarStatus, Listening, read_status, write_status
from tests.ears.sounds import say
from tests.microphones import VirtualMicrophone

RULES = load_rules(None)
PATIENCE_S = 30


class House:
    """A house with one ear."""

    def __init__(self, folder: Path, device: str) -> None:
        paths = Paths(state=folder, run=folder, rules=folder / "rules.d")
        microphone = MicrophoneSettings(name="kitchen-mic", device=device, room="kitchen")
        self.settings = Settings(paths=paths, ears=EarsSettings(microphones=(microphone,)))
        self.boot: Boot = this_boot(folder)
        self.ears = self.start()

    def start(self) -> EarsService:
        """Start the service."""
        opening = partial(opened_in, self.settings, Service.EARS, self.boot)
        return EarsService(self.settings, RULES, self.boot, opening)

    def until(self, done: Callable[[], object]) -> None:
        """Let the service run until something is so."""
        end = monotonic() + PATIENCE_S
        while not done():
            assert monotonic() < end
            self.ears.step()
            sleep(EARS_TICK_S)

    def rows(self, table: Table[F]) -> list[F]:
        """Return what the ledger has of a kind."""
        with closing(self.ears._account.out.ledger.reader()) as reader:
            return [fact for _, fact in reader.facts(table)]

    @property
    def status(self) -> Listening:
        """What the status file says of the ear."""
        found = read_status(self.settings.paths.run, Service.EARS, EarStatus)
        assert found is not None
        return found.ears["kitchen-mic"]

    def capture_tells(self, until: float) -> None:
        """Have the capture say that all it saw until then is in the ledger."""
        names = {"service": "capture", "boot": self.boot.id, "placement": "bridge", "watch": "speakers"}
        times = {"time": until + 100, "started_at": until, "covered_since": until, "covered_until": until}
        about = {"pid": 1, "state": "watching", "version": "1"}
        write_status(self.settings.paths.run, CaptureStatus.model_validate(names | times | about))

    def upload(self, started_at: float) -> None:
        """Write what the capture would of an upload."""
        flow = FlowKey("aa:bb:cc:00:00:01", "tcp", 40_000, "198.51.100.7", 443)
        upload = Upload(
            *(started_at + 0.9, flow, "amazon-echo", "voice.example", Proof.SNI, Role.VOICE, started_at),
            *(started_at + 0.9, None, 20_000, 0, ("cadence",), None, 0.9),
        )
        ledger, boot = opened_in(self.settings, Service.CAPTURE, self.boot)
        ledger.write(boot, [upload])
        ledger.close()


@pytest.fixture
def virtual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    with VirtualMicrophone(tmp_path) as microphone:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(microphone.config(tmp_path / "asound.conf")))
        yield microphone


@pytest.fixture
def house(tmp_path: Path, virtual: VirtualMicrophone) -> Iterator[House]:
    made = House(tmp_path, virtual.name)
    yield made
    for listener in made.ears._listeners:  # else what a test left open would fail another one
        listener._microphone.close()


def test_a_word_is_heard_and_written(house: House, virtual: VirtualMicrophone) -> None:
    """A wake word is in the ledger as soon as it is known, with the time of its end, and coverage around it."""
    house.until(lambda: house.status.covered_until > house.status.covered_since)
    virtual.queue(say("Alexa"))
    house.until(lambda: house.rows(WAKE))
    heard = house.rows(WAKE)[0]
    assert (heard.ear, heard.word, heard.near_miss) == ("kitchen-mic", "alexa", False)
    ended_at = house.boot.anchor / 1e9 + virtual.ended_at
    assert heard.time == pytest.approx(ended_at, abs=0.5)
    house.until(lambda: house.status.covered_until > heard.time)
    house.ears.close()
    stretches = house.rows(COVERAGES[Service.EARS])
    assert stretches[0].time < heard.time < stretches[-1].ended_at
    assert [each.kind for each in house.rows(SPEECH)].count("speech") >= 1


def test_speech_waits_for_an_upload_and_coverage_for_speech(house: House, virtual: VirtualMicrophone) -> None:
    """Speech is written at once when an upload is known near it; a capture that lags holds the ears' word back."""
    house.until(lambda: house.status.covered_until > house.status.covered_since)
    told = house.ears.now
    house.capture_tells(told)
    virtual.queue(say("this is what we talk about in the kitchen"))
    house.until(lambda: house.ears._listeners[0].held.since < float("inf"))
    house.until(lambda: house.ears._listeners[0].stretches.until > house.ears._listeners[0].held.since + 1.5)
    assert house.rows(SPEECH) == []
    assert house.status.covered_until <= max(house.ears._listeners[0].held.since, told)
    house.upload(house.ears.now)
    house.until(lambda: house.rows(SPEECH))
    house.ears.close()


def test_an_ear_that_is_unplugged(house: House) -> None:
    """It is a gap in the coverage and a finding within seconds; when it is back it is listened to again by itself."""
    house.until(lambda: house.status.covered_until > house.status.covered_since)
    child = house.ears._listeners[0]._microphone._child
    assert child is not None
    pulled_at = house.ears.now
    os.environ["ALSA_CONFIG_PATH"] = "/dev/null"  # there is no such device any more
    os.kill(child.pid, signal.SIGKILL)
    house.until(lambda: house.rows(FINDINGS[Service.EARS]))
    assert house.ears.now - pulled_at < 5
    finding = house.rows(FINDINGS[Service.EARS])[0]
    assert (finding.kind, finding.device) == ("ear-dead", "kitchen-mic")
    assert house.status.covered_until < pulled_at + 0.1
    os.environ["ALSA_CONFIG_PATH"] = str(house.settings.paths.state / "asound.conf")
    house.until(lambda: house.status.covered_until > pulled_at + 3)
    house.ears.close()
    before, after = house.rows(COVERAGES[Service.EARS])[-2:]
    assert before.ended_at < pulled_at + 0.1 < after.time


def test_what_was_said_last_is_heard(house: House, virtual: VirtualMicrophone) -> None:
    """A word that ends as the plug is pulled is told, within the coverage that ends there."""
    house.until(lambda: house.status.covered_until > house.status.covered_since)
    microphone = house.ears._listeners[0]._microphone
    virtual.say(say("Alexa"))
    assert microphone._child is not None
    os.environ["ALSA_CONFIG_PATH"] = "/dev/null"
    os.kill(microphone._child.pid, signal.SIGKILL)
    house.until(lambda: house.rows(FINDINGS[Service.EARS]))
    assert "alexa" in [fact.word for fact in house.rows(WAKE)]
    ends = house.rows(COVERAGES[Service.EARS])[-1].ended_at, house.rows(WAKE)[0].time
    assert ends[1] < ends[0] + 0.2  # engines tell the end of a word within some tenths of a second
    house.ears.close()


def test_a_killed_service_loses_no_coverage(house: House) -> None:
    """What the status told of a service that was killed is written by the next one."""
    house.until(lambda: house.status.covered_until > house.status.covered_since + 1)
    told = house.status
    house.ears._listeners[0]._microphone.close()
    house.ears._account.out.ledger.close()  # as the kernel would
    assert house.ears._account._uploads is not None
    house.ears._account._uploads.close()
    house.ears = house.start()
    house.ears.close()
    assert [(each.time, each.ended_at) for each in house.rows(COVERAGES[Service.EARS])] == [
        (told.covered_since, told.covered_until)
    ]
