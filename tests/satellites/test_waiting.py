# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage, Speech, Wake
from appliance.limits import FLUSH_S, SATELLITE_FACTS, SATELLITE_WAITING
from appliance.satellites import waiting
from appliance.satellites.waiting import Fact, Waiting

EARS = ("bed", "desk")


class Hub:
    """Takes what is offered, each number once."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def take(self, waiting: Waiting) -> int:
        """Take what is new; return the number that should come next."""
        first, facts = waiting.offer()
        assert first <= len(self.facts) + 1
        self.facts += facts[len(self.facts) + 1 - first :]
        return len(self.facts) + 1

    def drain(self, waiting: Waiting) -> None:
        """Take everything."""
        while len(waiting):
            waiting.delivered(self.take(waiting))


def second(ear: str, at: int, *, word: bool = False, talk: bool = False) -> Iterator[Fact]:
    """Yield what an ear tells of a second, in its order."""
    if word:
        yield Wake(at + 0.5, ear, "alexa", 0.9)
    if talk:
        yield Speech(float(at), at + 1.0, ear, -30.0)
    yield Coverage(float(at), at + 1.0, ear)


def hour(waiting: Waiting, *, talk: bool = True, every: int = 60) -> None:
    """An hour without a hub in which somebody talks, and says a name now and then."""
    for at in range(3600):
        waiting.put(second("bed", at, word=at % every == 0, talk=talk))


seconds = st.tuples(st.sampled_from(EARS), st.booleans(), st.booleans(), st.booleans())
ways = st.sampled_from(["arrives", "answer lost", "lost", "wait"])


@given(st.lists(st.tuples(seconds, ways), max_size=120))
def test_everything_arrives_once_and_in_order(play: list[tuple[tuple[str, bool, bool, bool], str]]) -> None:
    """However reports and answers are lost, the hub gets each word once, all talk, and coverage behind both."""
    queue, hub, words, clock = Waiting(), Hub(), [], dict.fromkeys(EARS, 0)
    for (ear, word, talk, pause), way in play:
        at = clock[ear]
        clock[ear] += 3 if pause else 1
        facts = list(second(ear, at, word=word, talk=talk))
        words += [fact for fact in facts if isinstance(fact, Wake)]
        queue.put(facts)
        if way == "lost":
            queue.offer()
        elif way != "wait":
            following = hub.take(queue)
            queue.delivered(following if way == "arrives" else 0)
    hub.drain(queue)
    for ear in EARS:
        heard = [fact for fact in hub.facts if getattr(fact, "ear", None) == ear]
        told = [fact for fact in hub.facts if isinstance(fact, Coverage) and fact.source == ear]
        assert [each for each in heard if isinstance(each, Wake)] == [each for each in words if each.ear == ear]
        assert sum(each.ended_at - each.time for each in told) == sum(each[0][0] == ear for each in play)
        assert [each.time for each in told] == sorted(each.time for each in told)
        talked = sum(each[0][0] == ear and each[0][2] for each in play)
        assert sum(each.ended_at - each.time for each in heard if isinstance(each, Speech)) == talked
        for place, fact in enumerate(hub.facts):
            if isinstance(fact, Coverage) and fact.source == ear:
                later = [each for each in hub.facts[place:] if getattr(each, "ear", None) == ear]
                assert all(each.time >= fact.ended_at for each in later)


def test_an_offer_stays_as_it_is() -> None:
    """What may have arrived is offered again as it was, whatever comes meanwhile."""
    queue = Waiting()
    queue.put(second("bed", 0, talk=True))
    offered = queue.offer()
    queue.put(second("bed", 1, talk=True))
    assert queue.offer() == offered
    queue.delivered(offered.first + 1)
    assert queue.offer() == (2, offered.facts[1:])
    queue.delivered(1)
    assert queue.offer() == (2, offered.facts[1:])


def test_an_hour_without_a_hub_is_little() -> None:
    """Nothing is lost, talk and coverage are joined, and no stretch is longer than readers of the ledger expect."""
    queue, hub = Waiting(), Hub()
    hour(queue)
    assert len(queue) < 200
    assert queue.dropped == 0
    hub.drain(queue)
    told = [fact for fact in hub.facts if isinstance(fact, Coverage)]
    assert (told[0].time, told[-1].ended_at) == (0.0, 3600.0)
    assert max(each.ended_at - each.time for each in told) <= FLUSH_S
    assert len([fact for fact in hub.facts if isinstance(fact, Wake)]) == 60


def test_what_is_too_much_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest words are dropped and counted, and the ear did not listen when they were said."""
    monkeypatch.setattr(waiting, "SATELLITE_WAITING", 10)
    queue, hub = Waiting(), Hub()
    hour(queue, talk=False, every=100)
    hub.drain(queue)
    kept = [fact.time for fact in hub.facts if isinstance(fact, Wake)]
    assert (len(kept), queue.dropped) == (10, 26)
    covered = [fact for fact in hub.facts if isinstance(fact, Coverage)]
    assert (covered[0].time, covered[-1].ended_at) == (2500.5, 3600.0)
    assert all(any(each.time <= word <= each.ended_at for each in covered) for word in kept)


def test_what_was_dropped_is_not_claimed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage of a word that was dropped may come after it: it begins after the word."""
    monkeypatch.setattr(waiting, "SATELLITE_WAITING", 1)
    queue = Waiting()
    queue.put([Wake(5.0, "bed", "alexa", 0.9), Wake(6.0, "bed", "alexa", 0.9), Coverage(0.0, 10.0, "bed")])
    assert queue.offer().facts == (Wake(6.0, "bed", "alexa", 0.9), Coverage(5.0, 10.0, "bed"))


def test_it_is_bounded() -> None:
    """Stretches of an ear that comes and goes, and words without end, take so much room and no more."""
    queue = Waiting()
    for at in range(0, 3 * SATELLITE_WAITING, 2):
        queue.put(second("bed", at, word=True))
    assert len(queue) <= 2 * SATELLITE_WAITING
    assert queue.dropped > 0
    assert len(queue.offer().facts) <= SATELLITE_FACTS
