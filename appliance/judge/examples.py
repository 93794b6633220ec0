# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the stories that the verdicts' rule tells: changed windows must still judge as it says."""

from collections.abc import Iterator

from appliance.events import CAPTURE, Coverage, Ear, FlowKey, JudgeFact, Placement, Proof, Role, Speech, Upload, Wake
from appliance.judge.judge import Judge
from appliance.rules import Problem, Rules, Story

_START = 10_000.0
_SPEAKER, _OTHER = "02:00:00:00:00:01", "02:00:00:00:00:02"
_EAR, _OTHER_EAR = "here", "there"  #: each in the room of its name
_CALLED_S = 3.0  #: how long the called upload lasts that another one follows on
_END = _START + 100_000.0


def check(rules: Rules) -> Iterator[Problem]:
    """Yield each story whose verdict is not the one it should be, or is one it should not be."""
    for story in rules.verdicts.examples.matches:
        if (verdict := judged(rules, story)) != story.verdict:
            yield Problem("verdicts", None, "examples.matches", f"{_words(story)}: the verdict is {verdict}")
    for story in rules.verdicts.examples.other:
        if judged(rules, story) == story.verdict:
            yield Problem("verdicts", None, "examples.not", f"{_words(story)}: that is the verdict")


def judged(rules: Rules, story: Story) -> str | None:
    """Return the final verdict on the upload that ``story`` tells of."""
    judge = Judge(rules)
    for fact in sorted(_facts(rules, story), key=_moment):
        judge.feed(fact)
    verdicts = [*judge.advance(_END), *judge.finish()]
    for verdict in verdicts:
        if verdict.final and verdict.upload and verdict.upload.key == (_flow(_SPEAKER), _START):
            return verdict.verdict
    return None


def _facts(rules: Rules, story: Story) -> Iterator[JudgeFact]:
    for device, ear in ((_SPEAKER, _EAR), (_OTHER, _OTHER_EAR)):
        yield Ear(ear, room=ear)
        yield Placement(device, room=ear)
    yield Coverage(0.0, _END, CAPTURE)
    yield Coverage(0.0, _END, _OTHER_EAR)
    word = next(iter(_wake_words(rules, story.speaker)), "")
    if story.watched:
        yield Coverage(0.0, _END, _EAR)
    if story.talk:
        yield Speech(_START - 0.5, _START + story.lasts_s, _EAR)
    if story.word is not None:
        yield Wake(_START + story.word_ends_s, _EAR, story.word, 0.95)
    if story.follows_s is not None:
        yield from _called(word, _EAR, _SPEAKER, _START - story.follows_s - _CALLED_S, story.speaker)
    if story.beside_s is not None:
        yield from _called(word, _OTHER_EAR, _OTHER, _START - story.beside_s, story.speaker)
    yield from _uploads(_SPEAKER, _START, story.lasts_s, story.speaker)


def _called(word: str, ear: str, device: str, start: float, speaker: str) -> Iterator[JudgeFact]:
    yield Wake(start - 0.5, ear, word, 0.95)
    yield from _uploads(device, start, _CALLED_S, speaker)


def _uploads(device: str, start: float, lasts: float, speaker: str) -> Iterator[Upload]:
    for time, end in ((start + 0.5, None), (start + lasts + 2.0, start + lasts)):
        yield Upload(
            time, _flow(device), speaker, None, Proof.SNI, Role.VOICE, start, start + 0.5, end, 30_000, 0,
            ("cadence",), None, 1.0,
        )  # fmt: skip


def _flow(device: str) -> FlowKey:
    return FlowKey(device, "tcp", 40_000, "192.0.2.1", 443)


def _wake_words(rules: Rules, speaker: str) -> tuple[str, ...]:
    return next((rule.wake_words for rule in rules.speakers.rules if rule.id == speaker), ())


def _moment(fact: JudgeFact) -> float:
    return 0.0 if isinstance(fact, Ear | Placement) else fact.time


def _words(story: Story) -> str:
    return ", ".join(f"{key} {value}" for key, value in story.model_dump(exclude_defaults=True).items())
