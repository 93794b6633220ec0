# SPDX-License-Identifier: GPL-2.0-or-later
"""What ears promise, with a ledger and a capture's status as they are in a house."""

from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from appliance.clocks import Boot
from appliance.commands.services import opened_in
from appliance.events import Coverage, FlowKey, Proof, Role, Service, Speech, Upload, Wake
from appliance.heard.account import Account
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.ledger import Fact, Ledger, LedgerError
from appliance.ledger.rows import COVERAGES, SPEECH, WAKE, F, Table
from appliance.limits import FLUSH_S, SPEECH_FLUSH_S
from appliance.rules import load_rules
from appliance.settings import Paths, Settings
from appliance.status import CaptureStatus, EarStatus, Listening, write_status

RULES = load_rules(None)
BOOT = Boot("here", 0)
FLOW = FlowKey("aa:bb:cc:00:00:01", "tcp", 40_000, "198.51.100.7", 443)


class Ear:
    """An ear that hears what it is told to have heard."""

    name = "mic"

    def __init__(self, since: float = 100.0) -> None:
        self.held = Held(RULES.wake.speech)
        self.stretches = Stretches(self.name, since)

    def listened(self, until: float) -> None:
        """Let it have listened until then."""
        self.stretches.feed(Coverage(self.stretches.until, until, self.name))


class House:
    """A ledger, and the account of one ear."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(paths=Paths(state=folder, run=folder, rules=folder / "rules.d"))
        self.ear = Ear()
        self.account = self.start()

    def start(self) -> Account:
        """Begin an account."""
        return Account(self.settings.paths.run, "ears", RULES, BOOT, partial(self.open, Service.EARS))

    def open(self, service: Service) -> tuple[Ledger, int]:
        """Open the ledger for a service."""
        return opened_in(self.settings, service, BOOT)

    def write(self, now: float, *news: Fact) -> None:
        """Write what is due."""
        self.account.write([self.ear], news, now)

    def rows(self, table: Table[F]) -> list[F]:
        """Return what the ledger has of a kind."""
        with closing(self.account.out.ledger.reader()) as reader:
            return [fact for _, fact in reader.facts(table)]

    def capture_tells(self, now: float, until: float, *started: float) -> None:
        """Have the capture tell uploads, and that this is all until then."""
        about = {"service": "capture", "boot": BOOT.id, "placement": "bridge", "watch": "speakers", "pid": 1}
        times = {"time": now, "started_at": 0.0, "covered_since": 0.0, "covered_until": until}
        write_status(
            self.settings.paths.run,
            CaptureStatus.model_validate(about | times | {"state": "watching", "version": "1"}),
        )
        with closing(opened_in(self.settings, Service.CAPTURE, BOOT)[0]) as ledger:
            ledger.write(1, [upload(each) for each in started])
        self.account.look(now)


def upload(start: float) -> Upload:
    named = ("amazon-echo", "voice.example", Proof.SNI, Role.VOICE, start, start + 0.9, None)
    return Upload(start + 0.9, FLOW, *named, 20_000, 0, ("cadence",), None, 0.9)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    house.write(100.0)
    yield house
    with suppress(LedgerError):
        house.account.out.close()


def test_a_word_is_written_with_its_coverage(house: House) -> None:
    """It is in the ledger when ``write`` returns, and so is the time that was listened."""
    house.ear.listened(105.0)
    word = Wake(104.0, "mic", "alexa", 0.9)
    house.write(105.0, word)
    assert house.rows(WAKE) == [word]
    assert house.rows(COVERAGES[Service.EARS]) == [Coverage(100.0, 105.0, "mic")]
    assert house.account.told == {"mic": 105.0}


def test_what_is_held_holds_the_promise_back(house: House) -> None:
    """An ear promises nothing beyond speech that is held, until the capture has told all uploads beyond it."""
    house.capture_tells(105.0, 101.0)
    house.ear.held.keep(Speech(102.0, 104.0, "mic"))
    house.ear.listened(105.0)
    house.write(105.0)
    assert house.account.told == {"mic": 102.0}
    house.capture_tells(106.0, 104.5)
    house.write(106.0)
    assert house.account.told == {"mic": 104.5}
    assert house.rows(SPEECH) == []


def test_speech_near_an_upload_is_written(house: House) -> None:
    """As soon as the capture has told of an upload, what was heard near it is in the ledger, and promised."""
    house.ear.held.keep(Speech(102.0, 104.0, "mic"))
    house.ear.held.keep(Wake(103.0, "mic", "alexa", 0.4, near_miss=True))
    house.ear.listened(105.0)
    house.capture_tells(105.0, 104.9, 104.0)
    house.write(105.0)
    assert house.rows(SPEECH) == [Speech(102.0, 104.0, "mic")]
    assert [each.near_miss for each in house.rows(WAKE)] == [True]
    assert house.account.told == {"mic": 105.0}


def test_nothing_is_promised_of_a_capture_that_is_gone(house: House) -> None:
    """Without a capture there is no upload to hold anything back for."""
    house.capture_tells(105.0, 101.0)
    house.ear.held.keep(Speech(102.0, 104.0, "mic"))
    house.ear.listened(150.0)
    house.account.look(150.0)
    house.write(150.0)
    assert house.account.told == {"mic": 150.0}


def test_quiet_hours_cost_little(house: House) -> None:
    """Without news a row of coverage is written each five minutes, and speech that ended each minute."""
    for second in range(100, 100 + int(FLUSH_S) + 2):
        house.ear.listened(float(second))
        house.write(float(second))
    assert len(house.rows(COVERAGES[Service.EARS])) == 1
    house.ear.held.keep(Speech(402.0, 402.5, "mic"))
    house.ear.listened(410.0 + SPEECH_FLUSH_S)
    house.write(410.0 + SPEECH_FLUSH_S)
    assert house.rows(SPEECH) == [Speech(402.0, 402.5, "mic")]


def test_the_next_writes_what_a_killed_one_told(house: House) -> None:
    """What a status file promised, and nobody came to write, is written first."""
    told = {"mic": Listening(covered_since=100.0, covered_until=130.0)}
    about = {"service": "ears", "boot": BOOT.id, "time": 130.0, "started_at": 0.0, "pid": 1, "state": "", "version": ""}
    write_status(house.settings.paths.run, EarStatus.model_validate(about | {"ears": told}))
    after = house.start()
    assert house.rows(COVERAGES[Service.EARS]) == [Coverage(100.0, 130.0, "mic")]
    after.close([], [], 131.0)


def test_at_the_end_everything_is_written(house: House) -> None:
    """Closing holds nothing back."""
    house.capture_tells(105.0, 101.0)
    house.ear.held.keep(Speech(102.0, 104.0, "mic"))
    house.ear.listened(105.0)
    house.account.close([house.ear], [Wake(104.5, "mic", "alexa", 0.9)], 105.0)
    house.account = house.start()
    assert len(house.rows(SPEECH)) == len(house.rows(WAKE)) == 1
    assert house.rows(COVERAGES[Service.EARS])[-1].ended_at == 105.0
