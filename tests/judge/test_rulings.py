# SPDX-License-Identifier: GPL-2.0-or-later
"""Each verdict as a story: what happened in the house, and what the judge finally says of its last upload."""

from typing import NamedTuple

import pytest

from appliance.events import CAPTURE, Coverage, Ear, JudgeFact, Placement, Role, Tell, Upload
from tests.judge.household import (
    DOT,
    ECHO,
    HALL,
    HOME,
    KITCHEN,
    NEST,
    PHONE,
    RULES,
    WATCHED,
    finals,
    lost,
    reply,
    speech,
    upload,
    wake,
)


class Story(NamedTuple):
    """What happened, as a sentence and as facts, and what the judge must say."""

    happened: str
    facts: list[JudgeFact]
    verdict: str
    tell: Tell


NOBODY, NOTICE, ALERT, URGENT = Tell

STORIES = [
    Story("its name is said half a second before", [wake(99.5), *upload(100)], "called", NOBODY),
    Story("its name ends after the flow has begun", [wake(100.9), *upload(100)], "called", NOBODY),
    Story("its name was said four seconds before, the last moment", [wake(96), *upload(100)], "called", NOBODY),
    Story("the ear is not sure of the name", [wake(99.5, near_miss=True), *upload(100)], "called", NOBODY),
    Story("the word is spelt otherwise", [wake(99.5, "Alexa "), *upload(100)], "called", NOBODY),
    Story("a word taken for its word", [wake(99.5, "ok-google", HALL), *upload(100, device=NEST)], "called", NOBODY),
    Story("its name is said in the next room only", [wake(99.5, ear=HALL), *upload(100)], "called", NOBODY),
    Story(
        "its name was said five seconds before", [wake(95), speech(99, 104), *upload(100)], "unexplained_speech", ALERT
    ),
    Story(
        "its name is said two seconds after", [wake(102), speech(99, 104), *upload(100)], "unexplained_speech", ALERT
    ),
    Story(
        "it asks back and somebody answers",
        [wake(89.5), *upload(90, 3), *upload(100, port=2)],
        "follow_up",
        NOBODY,
    ),
    Story(
        "somebody answers after a long reply",
        [wake(49.5), *upload(50, 3), reply(54, 95), *upload(100)],
        "follow_up",
        NOBODY,
    ),
    Story(
        "a follow-up to a follow-up",
        [wake(79.5), *upload(80, 3), *upload(90, 3), *upload(100)],
        "follow_up",
        NOBODY,
    ),
    Story(
        "its second flow uploads while the first still does",
        [wake(94.5), *upload(95, 8), speech(95, 103), *upload(100, 2, port=2)],
        "follow_up",
        NOBODY,
    ),
    Story(
        "a little more than ten seconds after a conversation",
        [wake(79.5), *upload(80, 9.8), speech(99, 104), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "the upload before was not called either",
        [speech(85, 105), *upload(90, 3), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "another speaker was in the conversation, not this one",
        [wake(94, "hey google", HALL), *upload(94.5, 3, NEST), speech(99, 104), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "the other Echo was called, in a room without an ear for this one",
        [wake(98, ear=HALL), *upload(98.5, 5, DOT), *upload(100, 1.5)],
        "arbitration",
        NOBODY,
    ),
    Story(
        "the other Echo was called, but this one goes on",
        [wake(95, ear=HALL), *upload(98.5, 5, DOT), speech(99, 104), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "another vendor's speaker was called next door, it is no arbitration",
        [wake(99, "hey google", HALL), *upload(99.5, 5, NEST), speech(99, 104), *upload(100, 1.5)],
        "false_wake",
        NOTICE,
    ),
    Story(
        "its own name was said before, but another vendor's speaker was called next door",
        [wake(94.5), wake(99, "hey google", HALL), *upload(99.5, 5, NEST), speech(99, 104), *upload(100, 1.5)],
        "false_wake",
        NOTICE,
    ),
    Story(
        "it is called only for its next upload",
        [speech(99, 101), wake(101.5), *upload(102, 3, port=2), *upload(100, 1.5)],
        "false_wake",
        NOTICE,
    ),
    Story(
        "another speaker's reply is no part of its conversation",
        [wake(79.5), *upload(80, 3), reply(84, 98, NEST), speech(99, 104), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story("a call after its name was said", [wake(99.5), *upload(100, 60, role=Role.CALL)], "call", NOBODY),
    Story(
        "a call that a command asked for",
        [wake(80), *upload(80.5, 3), reply(84, 88), *upload(100, 60, role=Role.CALL)],
        "call",
        NOBODY,
    ),
    Story("a call that nobody asked for", [speech(100, 160), *upload(100, 60, role=Role.CALL)], "call", NOTICE),
    Story("somebody calls the Nest in the kitchen", [wake(99.5, "hey google"), *upload(100)], "other_wake", NOTICE),
    Story("a word that no rule knows", [wake(99.5, "hey jarvis"), *upload(100)], "other_wake", NOTICE),
    Story(
        "perhaps somebody calls the Nest in the kitchen",
        [wake(99.5, "hey google", near_miss=True), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story("talk, and as long as a false wake may be", [speech(98, 103), *upload(100, 2.5)], "false_wake", NOTICE),
    Story("talk right after a very short upload", [speech(100.7, 103), *upload(100, 0.5)], "false_wake", NOTICE),
    Story("talk, and two seconds of audio", [speech(98, 103), *upload(100, 2)], "false_wake", NOTICE),
    Story("talk, and five seconds of audio", [speech(98, 103), *upload(100)], "unexplained_speech", ALERT),
    Story("only music, and five seconds", [speech(98, 103, kind="other"), *upload(100)], "unexplained_speech", ALERT),
    Story("the room is silent", upload(100), "unexplained_silence", URGENT),
    Story("the room is silent, the hall is not", [speech(98, 103, HALL), *upload(100)], "unexplained_silence", URGENT),
    Story("the capture lost frames just then", [speech(98, 103), lost(99, 99.5), *upload(100)], "capture_gap", NOTICE),
    Story(
        "it lost frames before, long ago", [speech(98, 103), lost(50, 60), *upload(100)], "unexplained_speech", ALERT
    ),
    Story(
        "a hole in its own flow too small to hide an upload",
        [speech(98, 103), lost(99, 99.5, ECHO, 1_400), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "a hole in its own flow that could hide an upload",
        [speech(98, 103), lost(95, 96, ECHO, 30_000), *upload(100)],
        "capture_gap",
        NOTICE,
    ),
    Story(
        "a hole is told when nobody has filled it",
        [speech(98, 103), lost(103.5, 103.5, ECHO, 30_000), *upload(100)],
        "capture_gap",
        NOTICE,
    ),
    Story(
        "a hole much later in the upload hides nothing",
        [speech(98, 103), lost(104.5, 104.5, ECHO, 30_000), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story(
        "a hole in another device's flow",
        [speech(98, 103), lost(95, 96, NEST, 30_000), *upload(100)],
        "unexplained_speech",
        ALERT,
    ),
    Story("some device, in silence", upload(100, device=PHONE), "unexplained_silence", NOTICE),
    Story("some device after a word", [wake(99.5, "computer"), *upload(100, device=PHONE)], "called", NOBODY),
    Story(
        "an upload that never ends",
        [speech(98, 300), *upload(100, closed=False), Coverage(0, 300, CAPTURE), reply(298, 299)],
        "unexplained_speech",
        ALERT,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.happened)
def test_stories(story: Story) -> None:
    """With ears and capture always watching, the story's last upload gets its verdict, told so loudly."""
    last = [fact for fact in story.facts if isinstance(fact, Upload)][-1]
    [verdict] = [one for one in finals([*WATCHED, *story.facts]) if one.upload and one.upload.key == last.key]
    assert (verdict.verdict, verdict.tell) == (story.verdict, story.tell), verdict.evidence
    assert 0 < verdict.confidence <= 1


#: What the kitchen's ear covered (its windows: 96 to 101, and to 105 for silence), and the verdict on 5 s in silence.
COVERAGES = [
    ("all of it", [(90, 110)], "unexplained_silence"),
    ("just the window and the upload", [(96, 105)], "unexplained_silence"),
    ("in stretches that touch", [(90, 98), (98.05, 100), (99, 110)], "unexplained_silence"),
    ("nothing", [], "unheard"),
    ("it began too late", [(96.5, 110)], "unheard"),
    ("it ended too soon", [(90, 100.5)], "unheard"),
    ("a gap in which the name has room", [(90, 97), (98, 110)], "unheard"),
    ("the window, but not the end of the upload", [(90, 102)], "unheard"),
]


@pytest.mark.parametrize(("what", "stretches", "expected"), COVERAGES, ids=[what for what, *_ in COVERAGES])
def test_coverage(what: str, stretches: list[tuple[float, float]], expected: str) -> None:
    """Nobody is accused for a time in which no ear of that room was listening; an ear elsewhere does not count."""
    covered = [Coverage(start, end, KITCHEN) for start, end in stretches]
    verdict = finals([Coverage(0, 1000, HALL), Coverage(0, 1000, CAPTURE), *covered, *upload(100)])[-1]
    assert verdict.verdict == expected, what


def test_lossy_coverage_is_no_coverage() -> None:
    """A stretch in which the ear lost sound proves nothing, since the wake word may have been in what it lost."""
    assert finals([Coverage(0, 1000, KITCHEN, lost=1), *upload(100)])[-1].verdict == "unheard"


def test_speech_without_the_end() -> None:
    """For an accusation with speech, the ear need not have listened to the upload's end."""
    assert finals([Coverage(90, 102, KITCHEN), speech(99, 101), *upload(100)])[-1].verdict == "unexplained_speech"


def test_no_ears() -> None:
    """Where nobody listens every upload is unheard, a notice."""
    verdict = finals(upload(100), home=())[-1]
    assert (verdict.verdict, verdict.tell) == ("unheard", Tell.NOTICE)


def test_whole_home_ear() -> None:
    """An ear without a room hears every room."""
    home = [*HOME, Ear("attic")]
    assert finals([Coverage(0, 1000, "attic"), *upload(100)], home)[-1].verdict == "unexplained_silence"


def test_speaker_without_a_room() -> None:
    """For a speaker that may stand anywhere, any ear of the home counts."""
    facts = [Coverage(0, 1000, HALL), *upload(100, device=DOT)]
    assert finals(facts)[-1].verdict == "unexplained_silence"


def test_own_wake_words() -> None:
    """The household's word on what a speaker listens to replaces its rule's."""
    home = [*HOME, Placement(ECHO, "kitchen", "Kitchen Echo", ("Computer",))]
    assert finals([*WATCHED, wake(99.5, "alexa"), *upload(100)], home)[-1].verdict == "other_wake"
    assert finals([*WATCHED, wake(99.5, "computer"), *upload(100)], home)[-1].verdict == "called"


def test_chain_ends() -> None:
    """A conversation has so many turns; what goes on longer is judged by itself."""
    limit = rules_chain()
    heard = [fact for n in range(limit + 2) for fact in upload(100 + 8 * n, 4)]
    verdicts = [verdict.verdict for verdict in finals([*WATCHED, wake(99.5), speech(90, 300), *heard])]
    assert verdicts == ["called", *["follow_up"] * limit, "unexplained_speech"]


def rules_chain() -> int:
    return RULES.verdicts.follow_up_chain
