# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage
from appliance.judge.memory import Memory
from appliance.limits import JUDGE_EARS, JUDGE_SOUNDS_PER_EAR
from appliance.rules.wakewords import WakeWords
from tests.judge.household import KITCHEN, RULES, lost, reply, speech, upload, wake


def memory() -> Memory:
    return Memory(RULES.verdicts, WakeWords({}, []))


def test_a_time_of_which_sounds_were_pushed_out() -> None:
    """An ear that heard more than can be remembered is no witness for the time that was forgotten."""
    for sound in (wake, lambda time: speech(time, time)):
        one = memory()
        one.feed(Coverage(0, 10_000, KITCHEN))
        for n in range(JUDGE_SOUNDS_PER_EAR + 5):
            one.feed(sound(float(n)))
        assert not one.covered(KITCHEN, 3, 100)
        assert one.covered(KITCHEN, 5, 100)
        assert one.shed()["sounds"] == 5


def test_lost_coverage_of_the_capture() -> None:
    """A stretch in which the capture lost frames is a loss that may concern any device; an ear's is not."""
    one = memory()
    one.feed(Coverage(0, 10, "capture", lost=7))
    one.feed(Coverage(0, 10, KITCHEN, lost=7))
    assert [(loss.device, loss.missing) for loss in one.losses.between(0, 10)] == [(None, 7)]


def test_the_capture_is_no_ear() -> None:
    """Ears are met by what they report; the capture is none."""
    one = memory()
    for fact in (Coverage(0, 1, "capture"), Coverage(0, 1, "a"), wake(1, ear="b"), speech(1, 2, "c")):
        one.feed(fact)
    assert list(one.household.ears) == ["a", "b", "c"]


def test_too_many_ears() -> None:
    """Sounds of ears beyond the limit are not kept."""
    one = memory()
    for n in range(JUDGE_EARS + 1):
        one.feed(wake(1, ear=f"ear-{n}"))
    assert len(list(one.wakes([f"ear-{n}" for n in range(JUDGE_EARS + 1)], 0, 9))) == JUDGE_EARS


def test_forget() -> None:
    """What ended before the time is gone, of every kind; what still runs is kept."""
    one = memory()
    for time in (10.0, 100.0):
        facts = (wake(time), speech(time, time + 1), reply(time, time + 1), lost(time, time + 1), *upload(time, 1))
        for fact in (*facts, Coverage(time, time + 1, KITCHEN)):
            one.feed(fact)
    for case in [*one.docket.open.values()]:
        one.docket.close(case)
    one.forget(50)
    assert [wake.time for wake in one.wakes([KITCHEN], 0, 200)] == [100]
    assert [speech.time for speech in one.speech([KITCHEN], 0, 200)] == [100]
    assert [reply.started_at for reply in one.replies.between(0, 200)] == [100]
    assert [loss.time for loss in one.losses.between(0, 200)] == [100]
    assert [case.start for case in one.docket.between(0, 200)] == [100]
    assert not one.covered(KITCHEN, 10, 11)
    assert one.covered(KITCHEN, 100, 101)
