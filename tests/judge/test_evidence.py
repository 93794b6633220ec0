# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import get_args

from appliance.events import NAMES_ONLY, Coverage, Ear, Evidence, JudgeFact, Placement, Reply, Tell
from appliance.rules import VerdictName
from tests.judge.household import (
    DOT,
    ECHO,
    KITCHEN,
    NEST,
    RULES,
    WATCHED,
    finals,
    judge,
    lost,
    reply,
    speech,
    upload,
    wake,
)


def test_evidence() -> None:
    """A verdict carries the figures that it rests on, under stable keys, the reason first and the rules last."""
    facts = [*WATCHED, wake(99.5, score=0.4, near_miss=True), wake(98, "hey google"), speech(98, 103), *upload(100)]
    evidence = {each.key: each.value for each in finals([*facts, lost(97, 97, ECHO, 700)])[-1].evidence}
    assert evidence == {
        "reason": "called",
        "bytes_up": 45_000,
        "seconds": 5.0,
        "destination": "voice.example",
        "host_by": "sni",
        "detectors": "cadence",
        "speaker": "echo",
        "room": "kitchen",
        "near_miss": 0.4,
        "other_wake_score": 0.9,
        "sound": "speech",
        "sound_level": -30.0,
        "playback": "unknown",
        "coverage": 1.0,
        "lost": 700,
        "rules": RULES.version,
    }


def test_evidence_says_what_is_no_speaker() -> None:
    """A device that nobody knows as a speaker is told quietly, and its evidence says so."""
    [verdict] = finals([*WATCHED, *upload(100, device="aa:00:00:00:00:09")])
    assert verdict.tell is Tell.NOTICE
    assert Evidence("speaker", None, "The device is not known to be a speaker.") in verdict.evidence


def test_evidence_speaks() -> None:
    """Every piece of evidence has a sentence."""
    verdicts = judge([*WATCHED, wake(50), speech(98, 103), *upload(100), lost(99, 100), *upload(300, 2)])
    assert all(
        each.text.endswith(".") and not each.text[0].islower() for verdict in verdicts for each in verdict.evidence
    )


def test_documented(root: Path) -> None:
    """The documentation names every verdict, and every key of evidence that was ever given."""
    facts = [*WATCHED, Coverage(50, 60, KITCHEN, lost=1), wake(52), speech(98, 103), *upload(100, 2), *upload(300)]
    facts += [wake(299.5, near_miss=True), wake(299.5, "hey google"), reply(399, 400, NEST)]
    keys = {each.key for verdict in judge(facts) for each in verdict.evidence}
    document = (root / "docs/verdicts.md").read_text()
    assert [word for word in (*keys, *get_args(VerdictName)) if f"`{word}`" not in document] == []


def test_evidence_says_who_only_tells_names() -> None:
    """An ear near the speaker that tells nothing but names is named, since it proves nothing; others are not."""
    ear = f"{NAMES_ONLY}kitchen"
    [verdict] = finals([Ear(ear, "kitchen"), *WATCHED, Coverage(0, 1000, ear), *upload(100)])
    assert [each.value for each in verdict.evidence if each.key == "names_only"] == [ear]
    assert [each.value for each in verdict.evidence if each.key == "coverage"] == [1.0]
    [verdict] = finals([*WATCHED, *upload(100)])
    assert "names_only" not in {each.key for each in verdict.evidence}


def test_an_accusation_is_less_sure_where_the_name_is_often_missed() -> None:
    """A speaker that answers to such names alone is accused with less confidence, and its owner told what helps."""

    def accused(*words: str) -> tuple[float, list[object]]:
        named = Placement(ECHO, "kitchen", "Kitchen Echo", words)
        verdict = finals([named, *WATCHED, speech(97, 99), *upload(100)])[-1]
        assert verdict.verdict == "unexplained_speech"
        return verdict.confidence, [each.value for each in verdict.evidence if each.key == "weak_word"]

    sure = RULES.verdicts.sure.weak_word
    assert accused("alexa", "ziggy") == (1.0, [])
    assert accused("ziggy", "amazon") == (sure, ["“amazon”, “ziggy”"])


def test_evidence_says_that_a_speaker_talked() -> None:
    """Talk while a speaker in the room is being answered may be that speaker's voice; other answers are not."""

    def talked(*facts: Reply) -> list[object]:
        verdict = finals([*WATCHED, *facts, speech(97, 99), *upload(100)])[-1]
        return [each.value for each in verdict.evidence if each.key == "speaker_talked"]

    assert len(talked(reply(96, 98))) == 1
    assert talked(reply(101, 103), reply(80, 82)) == []
    assert talked(reply(96, 98, NEST)) == []


def test_evidence_says_what_cannot_be_told() -> None:
    """How much of the sound fell into a speaker's answer is said; of the rest nobody knows whether people made it."""

    def said(*facts: JudgeFact) -> dict[str, object]:
        verdict = finals([*WATCHED, *facts, *upload(100)])[-1]
        return {each.key: each.value for each in verdict.evidence if each.key in {"playback", "speaker_talked_s"}}

    assert said() == {}
    assert said(speech(97, 99)) == {"playback": "unknown"}
    assert said(speech(97, 99), reply(98, 104)) == {"speaker_talked_s": 1.0, "playback": "unknown"}
    assert said(speech(97, 99), reply(96, 99)) == {"speaker_talked_s": 2.0}
    assert said(speech(97, 99), reply(96, 98), reply(97, 99, DOT)) == {"speaker_talked_s": 2.0}
