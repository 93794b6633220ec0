# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds for every household: order does not matter, every upload is judged once, nobody is accused in the dark."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appliance.events import CAPTURE, NAMES_ONLY, Coverage, JudgeFact, Role, Speech, Upload, Verdict, Wake
from appliance.judge import Judge
from appliance.limits import (
    JUDGE_CASES,
    JUDGE_LOSSES,
    JUDGE_OPEN_CASES,
    JUDGE_REPLIES,
    JUDGE_SOUNDS_PER_EAR,
    JUDGE_STRETCHES,
)
from tests.judge.household import (
    DOT,
    ECHO,
    HALL,
    HOME,
    KITCHEN,
    NEST,
    PHONE,
    RULES,
    lost,
    moment,
    reply,
    speech,
    upload,
    wake,
)

ACCUSATIONS = {"unexplained_speech", "unexplained_silence", "false_wake", "other_wake"}
EARS = {ECHO: {KITCHEN}, NEST: {HALL}, DOT: {KITCHEN, HALL}, PHONE: {KITCHEN, HALL}}
WINDOWS = RULES.verdicts

times = st.integers(0, 120).map(lambda half: 100 + half / 2)
ears = st.sampled_from([KITCHEN, HALL])
devices = st.sampled_from([ECHO, NEST, DOT, PHONE])
words = st.sampled_from(["alexa", "Computer", "hey google", "OK Google", "hey jarvis"])
stretches = st.sampled_from([0.25, 1.0, 2.0, 3.5, 6.0, 30.0])

wakes = st.builds(wake, times, words, ears, st.sampled_from([0.3, 0.6, 0.95]), near_miss=st.booleans())
talks = st.builds(lambda start, span, ear: speech(start, start + span, ear), times, stretches, ears)
losses = st.builds(
    lambda start, device, missing: lost(start, start + 0.5, device, missing),
    times,
    st.none() | devices,
    st.sampled_from([1, 1500, 50_000]),
)
replies = st.builds(lambda start, span, device: reply(start, start + span, device), times, stretches, devices)


@st.composite
def uploads(draw: st.DrawFn) -> list[JudgeFact]:
    """Some uploads, no two on one flow."""
    return [
        fact
        for port in range(draw(st.integers(1, 6)))
        for fact in upload(
            draw(times),
            draw(stretches),
            draw(devices),
            role=draw(st.sampled_from([Role.VOICE, Role.VOICE, Role.VOICE, Role.CALL])),
            port=port,
            closed=draw(st.booleans()),
        )
    ]


@st.composite
def watched(draw: st.DrawFn) -> list[JudgeFact]:
    """One second of coverage after the other, each told at its end, some of them missing."""
    missing = draw(st.sets(st.tuples(ears, st.integers(90, 210)), max_size=4))
    ear = [Coverage(t, t + 1, ear) for ear in (KITCHEN, HALL) for t in range(80, 220) if (ear, t) not in missing]
    return [*ear, *(Coverage(t, t + 1, CAPTURE) for t in range(80, 220))]


@st.composite
def evenings(draw: st.DrawFn) -> list[JudgeFact]:
    """All that happened in two minutes, in no order."""
    several = draw(st.lists(st.one_of(wakes, talks, losses, replies), max_size=20))
    return [*draw(uploads()), *draw(watched()), *several]


def told(fact: JudgeFact) -> float:
    """When a fact is handed on if nothing is late: coverage when it is over, all else at once."""
    return fact.ended_at if isinstance(fact, Coverage) else moment(fact)


def judged(arrivals: Iterable[tuple[float, JudgeFact]]) -> list[Verdict]:
    """Feed facts as they arrive, asking the judge at each arrival, and a few seconds after the last."""
    judge = Judge(RULES)
    for fact in HOME:
        judge.feed(fact)
    verdicts: list[Verdict] = []
    for time, fact in arrivals:
        verdicts += judge.advance(time)
        verdicts += judge.feed(fact)
    return verdicts + judge.advance(300) + judge.finish()


def in_order(facts: Iterable[JudgeFact]) -> list[tuple[float, JudgeFact]]:
    return [(told(fact), fact) for fact in sorted(facts, key=told)]


def said(verdicts: Iterable[Verdict]) -> list[str]:
    """What was said, however early and in whatever order."""
    return sorted(str(replace(verdict, time=0.0)) for verdict in verdicts)


def arriving_late(facts: list[JudgeFact], dice: Random) -> list[tuple[float, JudgeFact]]:
    """Delay what ears say, each fact on its own, but coverage never before what the ear heard by its end.

    A coverage of a second arrives within the wait of its begin, and so do the sounds in it.
    """
    late = WINDOWS.wait_s - 1.01
    sounds = [(fact.time + dice.uniform(0, late), fact) for fact in facts if isinstance(fact, Wake | Speech)]
    arrivals: list[tuple[float, JudgeFact]] = list(sounds)
    for fact in facts:
        if isinstance(fact, Coverage) and fact.source != CAPTURE:
            before = [at for at, sound in sounds if sound.ear == fact.source and sound.time <= fact.ended_at]
            arrivals.append((max([fact.ended_at, *before]), fact))
        elif not isinstance(fact, Wake | Speech):
            arrivals.append((told(fact), fact))
    dice.shuffle(arrivals)
    return sorted(arrivals, key=_arrival)


def _arrival(arrival: tuple[float, JudgeFact]) -> tuple[float, float]:
    """Coverage comes in order, and after what else comes at the same time."""
    time, fact = arrival
    return (time, fact.time if isinstance(fact, Coverage) else 0.0)


@given(evenings(), st.randoms(use_true_random=False))
def test_order_of_arrival(facts: list[JudgeFact], dice: Random) -> None:
    """What ears say may be late by the wait, in any order, and every verdict is the same with all its evidence."""
    assert said(judged(arriving_late(facts, dice))) == said(judged(in_order(facts)))


@given(evenings(), st.randoms(use_true_random=False))
def test_how_often_the_judge_is_asked(facts: list[JudgeFact], dice: Random) -> None:
    """All facts at once in any order give the same verdicts as one after the other."""
    shuffled = facts.copy()
    dice.shuffle(shuffled)
    assert said(judged((0.0, fact) for fact in shuffled)) == said(judged(in_order(facts)))


@given(evenings())
def test_deterministic(facts: list[JudgeFact]) -> None:
    """The same facts give the same verdicts, in the same order, at the same times."""
    assert judged(in_order(facts)) == judged(in_order(facts))


@given(evenings())
def test_every_upload_is_judged_once(facts: list[JudgeFact]) -> None:
    """Every upload gets one final verdict, at most one before it, and none after."""
    verdicts = [verdict for verdict in judged(in_order(facts)) if verdict.upload]
    keys = {fact.key for fact in facts if isinstance(fact, Upload)}
    finals = Counter(verdict.upload.key for verdict in verdicts if verdict.upload and verdict.final)
    assert finals == Counter(keys)
    for key in keys:
        own = [verdict for verdict in verdicts if verdict.upload and verdict.upload.key == key]
        assert len(own) <= 2
        assert [verdict.final for verdict in own] == [False] * (len(own) - 1) + [True]
        assert [verdict.time for verdict in own] == sorted(verdict.time for verdict in own)


@given(evenings())
def test_no_accusation_without_coverage(facts: list[JudgeFact]) -> None:
    """Who is accused was in a room that an ear heard in every instant of the window, and silence to the very end."""
    for verdict in judged(in_order(facts)):
        if verdict.upload is None or verdict.verdict not in ACCUSATIONS:
            continue
        start = verdict.upload.started_at
        end = verdict.upload.ended_at if verdict.verdict == "unexplained_silence" else None
        span = (start - WINDOWS.called_before_s, max(start + WINDOWS.called_after_s, end or 0))
        assert any(_listened(facts, ear, *span) for ear in EARS[verdict.upload.flow.device])


def _listened(facts: list[JudgeFact], ear: str, start: float, end: float) -> bool:
    seconds = {fact.time for fact in facts if isinstance(fact, Coverage) and fact.source == ear}
    return all(t in seconds for t in range(int(start), int(-(-end // 1))))


@given(evenings())
def test_no_accusation_of_a_called_speaker(facts: list[JudgeFact]) -> None:
    """An upload for which its speaker's own name was heard, by whichever ear, is never held against it."""
    for verdict in judged(in_order(facts)):
        if verdict.upload is None or verdict.upload.flow.device != ECHO:
            continue
        start = verdict.upload.started_at
        heard = [
            fact
            for fact in facts
            if isinstance(fact, Wake)
            and fact.word.lower() in {"alexa", "computer"}
            and start - WINDOWS.called_before_s <= fact.time <= start + WINDOWS.called_after_s
        ]
        assert not (heard and verdict.verdict in ACCUSATIONS)


@given(evenings())
def test_confidence_is_a_share(facts: list[JudgeFact]) -> None:
    """Confidence lies between 0 and 1."""
    assert all(0 <= verdict.confidence <= 1 for verdict in judged(in_order(facts)))


def test_memory_is_bounded() -> None:
    """However much happens and in however many places, what is remembered stays within its limits."""
    judge = Judge(RULES)
    for n in range(2_100):
        time = n / 10
        judge.advance(time)
        for fact in (
            lost(time, time),
            reply(time, time + 1),
            speech(time, time + 1),
            wake(time, ear=f"ear-{n}"),
            Coverage(time, time + 0.001, KITCHEN),
            Coverage(time, time + 0.001, HALL, lost=1),
        ):
            judge.feed(fact)
    for n in range(2_600):
        time = 300 + n / 50
        judge.advance(time)
        for known in upload(time, 1 + n % 5, f"bb:00:00:00:{n % 256:02x}:00", port=n, closed=n % 10 > 0):
            judge.feed(known)
    memory = judge._memory
    assert len(memory.docket.open) <= JUDGE_OPEN_CASES
    assert len(memory.docket._in_order) <= JUDGE_CASES + JUDGE_OPEN_CASES
    assert len(memory.replies) <= JUDGE_REPLIES
    assert len(memory.losses) <= JUDGE_LOSSES
    assert all(len(line) <= JUDGE_SOUNDS_PER_EAR for line in memory._wakes.values())
    assert all(len(line) <= JUDGE_SOUNDS_PER_EAR for line in memory._speech.values())
    assert all(len(stretches) <= JUDGE_STRETCHES for stretches in memory.coverage._whole.values())
    assert len(memory.household.ears) <= 64
    assert all(judge.shed()[what] > 0 for what in ("uploads", "losses", "replies", "sounds", "ears and devices"))


SATELLITE = f"{NAMES_ONLY}kitchen"
TOLD = [Coverage(t, t + 1, SATELLITE) for t in range(80, 300)]


def of_names_only(facts: Iterable[JudgeFact]) -> list[JudgeFact]:
    """The same evening, with ears that only tell the wake words that they heard."""
    return [
        replace(fact, source=NAMES_ONLY + fact.source)
        if isinstance(fact, Coverage) and fact.source != CAPTURE
        else replace(fact, ear=NAMES_ONLY + fact.ear)
        if isinstance(fact, Wake)
        else fact
        for fact in facts
        if not isinstance(fact, Speech)
    ]


@given(evenings())
def test_an_ear_that_only_tells_names_accuses_nobody(facts: list[JudgeFact]) -> None:
    """However long it was there and whatever it told, no accusation rests on it: it can only excuse."""
    judge = Judge(RULES)
    for fact in sorted(of_names_only(facts), key=told):
        judge.feed(fact)
    assert not {verdict.verdict for verdict in judge.finish()} & ACCUSATIONS


@given(evenings())
def test_that_it_told_no_name_changes_nothing(facts: list[JudgeFact]) -> None:
    """Beside other ears, one that was there and told nothing leaves every verdict and its confidence as it was."""

    def ruled(more: list[JudgeFact]) -> list[tuple[str, float, str, bool]]:
        verdicts = judged(in_order([*facts, *more]))
        return sorted((each.verdict, each.confidence, str(each.upload), each.final) for each in verdicts if each.upload)

    assert ruled([*TOLD]) == ruled([])
