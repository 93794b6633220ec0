# SPDX-License-Identifier: GPL-2.0-or-later
"""When the judge speaks, how often, and how sure."""

from appliance.events import Coverage, JudgeFact, Upload, Verdict
from appliance.judge import Judge
from tests.judge.household import (
    HALL,
    HOME,
    KITCHEN,
    NEST,
    RULES,
    WATCHED,
    judge,
    reply,
    speech,
    upload,
    wake,
)

WINDOWS = RULES.verdicts


def of_upload(verdicts: list[Verdict]) -> list[tuple[float, str, bool]]:
    return [(round(v.time, 3), v.verdict, v.final) for v in verdicts if v.upload]


def started(home: tuple[JudgeFact, ...] = HOME) -> Judge:
    one = Judge(RULES)
    for fact in home:
        one.feed(fact)
    return one


def test_called_is_said_while_it_runs() -> None:
    """Once the ears have reported past the window, a called upload gets its first verdict, and the final at its end."""
    verdicts = judge([*WATCHED, wake(99.5), *upload(100, 8)])
    assert of_upload(verdicts) == [(101, "called", False), (111.2, "called", True)]


def test_an_accusation_waits_until_length_is_known() -> None:
    """A long upload that nobody asked for is told while it runs, once it is known not to be short."""
    verdicts = judge([*WATCHED, speech(99, 120), *upload(100, 20)])
    said = [(100 + WINDOWS.settle_s, "unexplained_speech", False), (123.2, "unexplained_speech", True)]
    assert of_upload(verdicts) == said


def test_a_short_upload_gets_one_verdict() -> None:
    """A false wake is over before it can be told: it gets the final verdict only, and no alert is taken back."""
    assert of_upload(judge([*WATCHED, speech(99, 104), *upload(100, 2)])) == [(106.5, "false_wake", True)]


def test_settling_covers_the_quiet_that_ends_an_upload() -> None:
    """By settle_s every upload short enough for arbitration or a false wake is known to have ended."""
    longest = max(WINDOWS.arbitration_max_s, WINDOWS.false_wake_max_s)
    assert longest + RULES.uploads.merge.close_s < WINDOWS.settle_s
    assert WINDOWS.arbitration_s + WINDOWS.called_after_s < WINDOWS.settle_s


def test_waits_for_an_ear_that_is_late() -> None:
    """A first verdict waits for the ears of the room, and so hears a wake word that comes late."""
    one = started()
    one.feed(upload(100, 8)[0])
    assert one.advance(103.9) == []
    one.feed(wake(99.5))
    one.feed(Coverage(90, 102, KITCHEN))
    assert of_upload(one.advance(103.95)) == [(101, "called", False)]


def test_waits_for_other_rooms_before_it_accuses() -> None:
    """A speaker that nobody called in its own room is not accused before the ears of the others have reported."""
    one = started()
    for fact in (Coverage(90, 200, KITCHEN), speech(99, 120), upload(100, 20)[0]):
        one.feed(fact)
    assert one.advance(100 + WINDOWS.settle_s + 1) == []
    one.feed(wake(99.5, ear=HALL))
    one.feed(Coverage(90, 110, HALL))
    assert of_upload(one.advance(100 + WINDOWS.settle_s + 1.1)) == [(100 + WINDOWS.settle_s, "called", False)]


def test_waits_no_longer_than_the_wait() -> None:
    """An ear that never reports holds a verdict up by wait_s, no more."""
    one = started()
    one.feed(wake(99.5))
    one.feed(upload(100, 8)[0])
    assert one.advance(101 + WINDOWS.wait_s) == []
    assert of_upload(one.advance(101.01 + WINDOWS.wait_s)) == [(101 + WINDOWS.wait_s, "called", False)]


def test_the_end_may_bring_a_better_verdict() -> None:
    """Coverage that comes after the wait still counts for the final verdict."""
    one = started()
    announced, ended = upload(100, 20)
    one.feed(announced)
    assert [v.verdict for v in one.advance(115)] == ["unheard"]
    for fact in (Coverage(90, 130, KITCHEN), speech(99, 121), ended):
        one.feed(fact)
    assert [v.verdict for v in one.advance(130)] == ["unexplained_speech"]


def test_completed_before_announced() -> None:
    """Announcement and completion of one upload are one upload in whichever order they come."""
    announced, ended = upload(100, 8)
    for order in ([announced, ended], [ended, announced]):
        one = started()
        for fact in [*WATCHED, wake(99.5), *order]:
            one.feed(fact)
        assert of_upload(one.advance(200)) == [(101, "called", False), (111.2, "called", True)]


def test_facts_repeated() -> None:
    """An upload whose facts come again after its final verdict is not judged again."""
    one = started()
    facts = [*WATCHED, *upload(100, 2)]
    for fact in facts:
        one.feed(fact)
    assert len(one.advance(200)) == 1
    for fact in facts:
        one.feed(fact)
    assert one.advance(300) + one.finish() == []


def test_time_does_not_run_back() -> None:
    """An earlier time than before changes nothing."""
    one = started()
    one.advance(200)
    for fact in [*WATCHED, *upload(100, 2)]:
        one.feed(fact)
    assert len(one.advance(50)) == 1


def test_upload_cut_by_the_end_of_the_capture() -> None:
    """What ran when the capture ended is judged by the part that was seen, not by what it might have become."""
    one = started()
    for fact in [*WATCHED, speech(99, 102), upload(100, closed=False)[0]]:
        one.feed(fact)
    one.advance(101.5)
    verdicts = one.finish()
    assert of_upload(verdicts) == [(101.5, "false_wake", True)]


def test_a_long_upload_keeps_its_verdict() -> None:
    """The end of an upload of hours does not change a verdict whose evidence is no longer remembered."""
    facts: list[JudgeFact] = [*WATCHED, wake(99.5), *upload(100, 7200)]
    facts += [reply(t, t + 1, NEST) for t in range(200, 7300, 30)]
    verdicts = of_upload(judge(facts))
    assert [(verdict, final) for _, verdict, final in verdicts] == [("called", False), ("called", True)]


def test_too_many_open_uploads() -> None:
    """A flood of uploads that never end closes the oldest, each with its final verdict; no upload is lost."""
    one = started()
    verdicts: list[Verdict] = []
    uploads = [fact for n in range(600) for fact in upload(100 + n / 100, port=n, closed=False)]
    for fact in uploads:
        verdicts += one.feed(fact)
    assert len(verdicts) == 600 - 256
    verdicts += one.finish()
    judged = [verdict.upload.key for verdict in verdicts if verdict.upload and verdict.final]
    assert sorted(judged) == sorted(fact.key for fact in uploads if isinstance(fact, Upload))
