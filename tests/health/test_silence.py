# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Finding, Service
from appliance.health.silence import Silence
from appliance.limits import SILENCE_START_S, SILENCE_TIMES, SILENCE_USUAL_S
from appliance.speakers.inventory import Entry, Found, Inventory
from tests.health.readings import DOT, ECHO, HOUSE, START, capture, reading, speaker

UNKNOWN = SILENCE_TIMES * SILENCE_START_S


def missed(silence: Silence, time: float, seen: float | None, **said: float) -> list[str | None]:
    """Return who is missed, if the Echo's last frame came at ``seen``."""
    status = capture(time, last_seen={} if seen is None else {ECHO: seen}, **said)
    return [trouble.device for trouble in silence.feed(reading(time, capture=status))]


def lived(silence: Silence, beat: float, days: float, start: float = START) -> float:
    """Let the Echo send a frame each ``beat`` s; return when it did last."""
    time = start
    while time < start + days * 86_400:
        time += beat
        assert missed(silence, time, time) == []
    return time


def test_a_speaker_that_falls_silent_is_missed_until_it_is_back() -> None:
    """An unknown speaker is missed after three times the time that unknown ones are given."""
    silence = Silence()
    assert missed(silence, START, START) == []
    assert missed(silence, START + UNKNOWN, START) == []
    assert missed(silence, START + UNKNOWN + 1, START) == [ECHO]
    assert missed(silence, START + 9 * UNKNOWN, START) == [ECHO]
    back = START + 9 * UNKNOWN + 1
    assert missed(silence, back, back) == []


def test_what_is_usual_is_learnt() -> None:
    """After some days a speaker that talks each half minute is missed sooner, one that is silent for hours later."""
    lively, calm = Silence(), Silence()
    last = lived(lively, 30.0, 5)
    least, _ = SILENCE_USUAL_S
    assert missed(lively, last + SILENCE_TIMES * least, last) == []
    assert missed(lively, last + SILENCE_TIMES * least + 1, last) == [ECHO]
    last = lived(calm, 1700.0, 5)
    assert missed(calm, last + SILENCE_TIMES * 1690, last) == []
    assert missed(calm, last + SILENCE_TIMES * 1710, last) == [ECHO]


def test_a_night_without_power_is_no_habit() -> None:
    """One long absence at most doubles what is usual, and that fades."""
    silence = Silence()
    last = lived(silence, 30.0, 5)
    away = last + 30_000
    assert missed(silence, away, last) == [ECHO]
    assert missed(silence, away, away) == []
    least, _ = SILENCE_USUAL_S
    assert missed(silence, away + 2 * SILENCE_TIMES * least + 1, away) == [ECHO]


def test_time_without_sight_tells_nothing() -> None:
    """While the capture did not watch nobody is missed, nothing is learnt, and who was missed stays so."""
    silence = Silence()
    assert missed(silence, START, START) == []
    late = START + 5 * UNKNOWN
    assert missed(silence, late, None, covered_since=late - 5) == []
    assert missed(silence, late + UNKNOWN, None, covered_since=late - 5) == [ECHO]
    assert missed(silence, late + UNKNOWN + 10, None, covered_since=late + UNKNOWN) == [ECHO]
    assert [each.device for each in silence.feed(reading(late, capture=None))] == [ECHO]


def test_a_speaker_never_seen_is_missed_too() -> None:
    """A speaker in the registry of which no frame ever came is told, without an age."""
    silence = Silence()
    assert missed(silence, START + UNKNOWN, None) == []
    late = START + UNKNOWN + 1
    (trouble,) = silence.feed(reading(late, capture=capture(late, last_seen={})))
    assert trouble.text == "Nothing has come from “Kitchen” at all."


def test_who_was_missed_before_the_hub_started_again_is_missed_until_seen() -> None:
    """A finding that is open stays, until a frame that is newer than it."""
    before = Finding(START, None, Service.HUB, "silent-speaker", ECHO, "Nothing.")
    silence = Silence([before])
    assert missed(silence, START + 10, START - 500) == [ECHO]
    assert missed(silence, START + 11, START + 10.5) == []


def test_what_was_learnt_outlives_the_hub() -> None:
    """Another run goes on with each speaker's usual silence, whatever it was told, within bounds."""
    silence = Silence()
    last = lived(silence, 1700.0, 5)
    after = Silence(usual=silence.usual)
    assert missed(after, last, last) == []
    assert missed(after, last + SILENCE_TIMES * 1690, last) == []
    assert missed(after, last + SILENCE_TIMES * 1710, last) == [ECHO]
    least, most = SILENCE_USUAL_S
    assert Silence(usual={ECHO: -1.0, DOT: 1e12}).usual == {ECHO: least, DOT: most}


def test_a_guest_is_not_missed() -> None:
    """A speaker that was found and seen on one day alone may come and go; one that was seen on two is missed."""
    late = START + UNKNOWN + 1
    for days, who in ((0.5, []), (1.5, [ECHO])):
        found = Found(speaker="amazon-echo", first_seen=0.0, last_seen=days * 86_400)
        house = Inventory((Entry(mac=ECHO, found=found),))
        troubles = Silence().feed(reading(late, capture=capture(late, last_seen={}), inventory=house))
        assert [each.device for each in troubles] == who


def test_only_speakers_of_the_registry_are_missed() -> None:
    """Who is forgotten or ignored is not missed, and takes no memory."""
    silence = Silence()
    two = Inventory((*HOUSE.devices, speaker(DOT)))
    late = START + UNKNOWN + 1
    status = capture(late, last_seen={})
    assert {each.device for each in silence.feed(reading(late, capture=status, inventory=two))} == {ECHO, DOT}
    assert list(silence.feed(reading(late, capture=status, inventory=Inventory()))) == []
    assert silence._habits == {}


def test_a_replay_misses_nobody() -> None:
    """The times of a capture that is replayed are not those of this boot."""
    late = START + UNKNOWN + 1
    assert list(Silence().feed(reading(late, capture=capture(late, boot="replay", last_seen={})))) == []


@given(st.lists(st.floats(0.5, 1e6), min_size=1))
def test_what_is_usual_is_bounded(gaps: list[float]) -> None:
    """Whatever silences come, what counts as usual stays within its bounds."""
    silence, time = Silence(), START
    for gap in gaps:
        time += gap
        missed(silence, time, time)
        least, most = SILENCE_USUAL_S
        assert least <= silence._habits[ECHO].usual <= most
