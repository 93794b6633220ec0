# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.commands.services import opened_in
from appliance.events import Coverage, Service, Speech, Wake
from appliance.ledger.rows import COVERAGES, SPEECH, WAKE
from appliance.limits import (
    LEDGER_COVERAGE_S,
    MICROPHONES,
    SATELLITE_AHEAD_S,
    SATELLITE_BURST,
    SATELLITE_FACTS,
    SATELLITE_SILENT_S,
)
from appliance.satellites.messages import Microphone
from appliance.satellites.reception import Reception
from tests.heard.test_account import upload
from tests.satellites.home import RUN, Home

Heard = Wake | Speech | Coverage
WORD = Wake(104.0, "mic", "alexa", 0.9)
LISTENED = Coverage(100.0, 105.0, "mic")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def reception(home: Home) -> Iterator[Reception]:
    reception = home.reception()
    yield reception
    reception.close(1000.0)


def test_a_word_is_in_the_ledger_as_that_ears(home: Home, reception: Reception) -> None:
    """When ``write`` returns it is there, with the time listened, under the names of satellite and microphone."""
    assert reception.take("bedroom", home.report([WORD, LISTENED]), 105.2) == 3
    assert reception.write(105.2)
    assert home.rows(WAKE) == [Wake(104.0, "bedroom/mic", "alexa", 0.9)]
    assert home.rows(COVERAGES[Service.EARS]) == [Coverage(100.0, 105.0, "bedroom/mic")]
    reception.tell(105.5)
    told = home.status().ears["bedroom/mic"]
    assert (told.covered_until, told.room, told.level, told.state) == (105.0, "bedroom", -50.0, "listening")


def test_what_comes_twice_counts_once(home: Home, reception: Reception) -> None:
    """A report whose answer was lost comes again, with more behind it; each fact is written once."""
    reception.take("bedroom", home.report([WORD, LISTENED]), 105.2)
    reception.take("bedroom", home.report([WORD, LISTENED]), 105.4)
    again = home.report([WORD, LISTENED, Wake(106.0, "mic", "alexa", 0.8)])
    assert reception.take("bedroom", again, 106.4) == 4
    reception.write(106.4)
    assert [each.time for each in home.rows(WAKE)] == [104.0, 106.0]


def test_times_of_another_boot_are_not_taken(home: Home, reception: Reception) -> None:
    """After the hub was started again its time is another: the facts are to come again, in that."""
    before = home.report([WORD, LISTENED]).model_copy(update={"boot": "ffff0000"})
    assert reception.take("bedroom", before, 105.2) == 1
    assert reception.take("bedroom", home.report([WORD, LISTENED]), 105.4) == 3
    reception.write(105.4)
    assert len(home.rows(WAKE)) == 1


def test_nobody_hears_the_future(home: Home, reception: Reception) -> None:
    """Coverage of a time that has not come would accuse; such facts are refused and counted."""
    ahead = 105.0 + SATELLITE_AHEAD_S + 0.1
    facts: list[Heard] = [
        Wake(ahead, "mic", "alexa", 0.9),
        Coverage(100.0, ahead, "mic"),
        Speech(100.0, ahead, "mic"),
        LISTENED,
    ]
    assert reception.take("bedroom", home.report(facts), 105.0) == 5
    reception.write(105.0)
    reception.tell(105.0)
    assert home.status().state == "listening; 3 facts refused"
    assert home.rows(WAKE) == []
    assert home.status().ears["bedroom/mic"].covered_until == 105.0


def test_a_satellite_has_so_many_ears(home: Home, reception: Reception) -> None:
    """However many it makes up, the ledger and the judge hear of some; another satellite's are its own."""
    facts = [Wake(104.0, f"mic {number}", "alexa", 0.9) for number in range(MICROPHONES + 3)]
    reception.take("bedroom", home.report(facts), 105.0)
    reception.take("study", home.report([WORD]), 105.0)
    reception.write(105.0)
    assert reception.refused == 3
    assert len({each.ear for each in home.rows(WAKE)}) == MICROPHONES + 1


def test_nobody_fills_the_ledger(home: Home, reception: Reception) -> None:
    """However much a satellite tells, so many facts a second count; the others are refused and counted."""
    words: list[Heard] = [Wake(104.0, "mic", "alexa", 0.9)] * SATELLITE_FACTS
    for number in range(SATELLITE_BURST // SATELLITE_FACTS + 4):
        reception.take("bedroom", home.report(words, 1 + number * SATELLITE_FACTS), 105.0)
    assert reception.refused == 4 * SATELLITE_FACTS
    reception.take("bedroom", home.report([WORD, Coverage(103.0, 105.0, "mic")], 100_000), 106.0)
    reception.take("study", home.report([WORD]), 106.0)
    assert reception.refused == 4 * SATELLITE_FACTS
    reception.write(106.0)
    assert len(home.rows(WAKE)) == SATELLITE_BURST + 2
    assert home.rows(COVERAGES[Service.EARS]) == [Coverage(104.0, 105.0, "bedroom/mic")]  # after what is missing


def test_what_was_nearly_heard_is_written_near_an_upload(home: Home, reception: Reception) -> None:
    """A satellite tells every near miss and all talk at once; the hub writes what falls near an upload, at once too."""
    facts: list[Heard] = [Wake(104.0, "mic", "alexa", 0.4, near_miss=True), Speech(104.5, 105.0, "mic"), LISTENED]
    reception.take("bedroom", home.report(facts), 105.2)
    reception.write(105.2)
    assert (home.rows(WAKE), home.rows(SPEECH)) == ([], [])
    ledger, boot = opened_in(home.settings, Service.CAPTURE, home.boot)
    ledger.write(boot, [upload(104.5)])
    ledger.close()
    reception.write(105.6)
    assert [each.near_miss for each in home.rows(WAKE)] == [True]
    assert [each.ear for each in home.rows(SPEECH)] == ["bedroom/mic"]


def test_an_outage_is_a_gap_until_it_is_told(home: Home, reception: Reception) -> None:
    """What comes late is written with the time that it has, in rows no longer than readers expect."""
    reception.take("bedroom", home.report([LISTENED]), 105.2)
    reception.write(105.2)
    late: list[Heard] = [Wake(2000.0, "mic", "alexa", 0.9), Coverage(105.0, 3705.0, "mic")]
    reception.take("bedroom", home.report(late, first=2), 3706.0)
    reception.write(3706.0)
    rows = home.rows(COVERAGES[Service.EARS])
    assert max(each.ended_at - each.time for each in rows) <= 3600.0
    assert (rows[0].time, rows[-1].ended_at) == (100.0, 3705.0)
    assert home.rows(WAKE)[0].time == 2000.0


def test_a_hub_that_was_killed_has_nothing_twice(home: Home) -> None:
    """What an earlier run wrote, and did not come to answer, comes again and is not written again."""
    first = home.reception()
    first.take("bedroom", home.report([WORD, LISTENED]), 105.2)
    first.write(105.2)
    first.tell(105.3)
    first._account.out.ledger.close()
    then = home.reception(106.0)
    then.take("bedroom", home.report([WORD, LISTENED, Wake(106.0, "mic", "alexa", 0.8)]), 106.4)
    then.write(106.4)
    then.close(107.0)
    assert [each.time for each in home.rows(WAKE)] == [104.0, 106.0]
    assert [(each.time, each.ended_at) for each in home.rows(COVERAGES[Service.EARS])] == [(100.0, 105.0)]


def test_a_satellite_that_was_started_again_counts_anew(home: Home, reception: Reception) -> None:
    """Another run begins with 1, and what it tells is new; a microphone that it has no more is none."""
    reception.take("bedroom", home.report([WORD, LISTENED]), 105.2)
    other = Microphone(name="other")
    facts: list[Heard] = [Wake(110.0, "other", "alexa", 0.9), Coverage(108.0, 111.0, "other")]
    reception.take("bedroom", home.report(facts, run=RUN[::-1], mic=other), 111.2)
    reception.write(111.2)
    reception.tell(111.5)
    assert [each.ear for each in home.rows(WAKE)] == ["bedroom/mic", "bedroom/other"]
    assert home.status().ears.keys() == {"bedroom/other"}
    assert home.rows(COVERAGES[Service.EARS])[0] == Coverage(100.0, 105.0, "bedroom/mic")


def test_one_that_is_revoked_is_no_ear(home: Home, reception: Reception) -> None:
    """What it told is written, and nothing more is expected of it."""
    reception.take("bedroom", home.report([Speech(103.0, 104.0, "mic"), LISTENED]), 105.2)
    assert reception.satellites == {"bedroom"}
    reception.forget("bedroom")
    reception.write(105.4)
    reception.tell(106.0)
    assert home.status().ears == {}
    assert reception.satellites == set()
    assert home.rows(SPEECH) == [Speech(103.0, 104.0, "bedroom/mic")]


def test_one_that_is_silent_is_told(home: Home, reception: Reception) -> None:
    """It is no ear that listens, until it reports again; what it told before is written."""
    nearly = Wake(104.5, "mic", "alexa", 0.4, near_miss=True)
    reception.take("bedroom", home.report([nearly, LISTENED]), 105.2)
    reception.write(105.2)
    later = 105.2 + SATELLITE_SILENT_S
    reception.tell(later)
    reception.write(later)
    assert home.status().ears == {}
    assert [each.near_miss for each in home.rows(WAKE)] == [True]
    assert home.rows(COVERAGES[Service.EARS]) == [Coverage(100.0, 105.0, "bedroom/mic")]
    reception.take("bedroom", home.report([Coverage(105.0, later, "mic")], first=3), later)
    reception.write(later)
    reception.tell(later)
    assert home.status().ears["bedroom/mic"].covered_until == later


times = st.floats(0, 200)
spans = st.tuples(times, times).map(sorted)
facts = st.one_of(
    st.builds(Wake, times, st.sampled_from(["mic", "other"]), st.just("alexa"), st.floats(0, 1), st.booleans()),
    st.builds(lambda span, ear: Speech(span[0], span[1], ear), spans, st.sampled_from(["mic", "other"])),
    st.builds(lambda span, ear: Coverage(span[0], span[1], ear), spans, st.sampled_from(["mic", "other"])),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.lists(facts, max_size=6), st.integers(1, 10), st.sampled_from([RUN, RUN[::-1]]))))
def test_whatever_a_satellite_says(home: Home, play: list[tuple[list[Wake | Speech | Coverage], int, str]]) -> None:
    """In any order, with any times: it is written or refused, and never promised beyond the present."""
    reception = home.reception()
    for number, (told, first, run) in enumerate(play):
        now = 100.0 + number
        assert reception.take("bedroom", home.report(told, first, run), now) >= first
        reception.write(now)
        reception.tell(now)
        assert all(each.covered_until <= now + SATELLITE_AHEAD_S for each in home.status().ears.values())
    reception.close(300.0)
    assert all(each.ended_at - each.time <= LEDGER_COVERAGE_S for each in home.rows(COVERAGES[Service.EARS]))
