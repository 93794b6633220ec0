# SPDX-License-Identifier: GPL-2.0-or-later
"""A household for the tests: an Echo in the kitchen, a Nest in the hall, an ear in each, and short words for facts."""

from collections.abc import Iterable
from dataclasses import replace

from appliance.events import (
    CAPTURE,
    Coverage,
    Device,
    Ear,
    FlowKey,
    JudgeFact,
    Loss,
    Placement,
    Proof,
    Reply,
    Role,
    Speech,
    Upload,
    Verdict,
    Wake,
)
from appliance.judge import Judge
from appliance.rules import Rules, SpeakerRule, SpeakerRules, load_rules

ECHO = "aa:00:00:00:00:01"
NEST = "aa:00:00:00:00:02"
DOT = "aa:00:00:00:00:03"
PHONE = "aa:00:00:00:00:04"
KITCHEN, HALL = "kitchen-mic", "hall-mic"

#: Seconds after its end in which an upload is known to have ended.
CLOSE_S = 3.2


def _speaker(name: str, *words: str) -> SpeakerRule:
    shown = {"shows": {"mdns_host": name}}
    return SpeakerRule.model_validate(
        {
            "id": name,
            "name": name,
            "source": "made up for the test",
            "wake_words": words,
            "evidence": [{"when": {"mdns_host": name}, "weight": 1.0}],
            "examples": {"matches": [shown], "not": [{"shows": {"mdns_host": "other"}}]},
        }
    )


def rules() -> Rules:
    """The shipped rules with two speakers made up for the tests."""
    shipped = load_rules(None)
    speakers = [_speaker("echo", "alexa", "computer"), _speaker("nest", "hey google")]
    return replace(shipped, speakers=SpeakerRules(speakers, shipped.hosts))


RULES = rules()

HOME: tuple[JudgeFact, ...] = (
    Ear(KITCHEN, "kitchen"),
    Ear(HALL, "hall"),
    Placement(ECHO, "kitchen", "Kitchen Echo"),
    Placement(NEST, "hall", "Hall Nest"),
    Device(0.0, ECHO, "echo", "amazon", None, None, 0.9, ("oui",)),
    Device(0.0, NEST, "nest", "google", None, None, 0.9, ("oui",)),
    Device(0.0, PHONE, None, None, None, None, 0.0, ()),
)

#: Both ears and the capture watched all the time.
WATCHED: tuple[JudgeFact, ...] = tuple(Coverage(0.0, 10_000.0, source) for source in (KITCHEN, HALL, CAPTURE))


def upload(
    start: float,
    seconds: float = 5.0,
    device: str = ECHO,
    *,
    role: Role = Role.VOICE,
    confidence: float = 1.0,
    port: int = 50_000,
    closed: bool = True,
) -> list[JudgeFact]:
    """An upload as it is announced and, unless it never ends, as it is completed."""
    speaker = {ECHO: "echo", NEST: "nest", DOT: "echo"}.get(device)
    flow = FlowKey(device, "tcp", port, "192.0.2.1", 443)
    announced = Upload(
        start + 0.4, flow, speaker, "voice.example", Proof.SNI, role, start, start + 0.4, None, 9_000, 0,
        ("cadence",), None, confidence,
    )  # fmt: skip
    end = start + seconds
    ended = replace(announced, time=end + CLOSE_S, ended_at=end, bytes_up=int(9_000 * seconds))
    return [announced, ended] if closed else [announced]


def wake(time: float, word: str = "alexa", ear: str = KITCHEN, score: float = 0.9, *, near_miss: bool = False) -> Wake:
    """A wake word that an ear heard."""
    return Wake(time, ear, word, score, near_miss)


def speech(start: float, end: float, ear: str = KITCHEN, kind: str = "speech") -> Speech:
    """Talk that an ear heard."""
    return Speech(start, end, ear, -30.0, kind)


def reply(start: float, end: float, device: str = ECHO) -> Reply:
    """The cloud talked back."""
    return Reply(end + 1.0, device, start, end, 40_000)


def lost(start: float, end: float, device: str | None = None, missing: int = 5) -> Loss:
    """The capture missed something."""
    return Loss(start, end, device, "frames", missing)


def moment(fact: JudgeFact) -> float:
    """When a fact is handed on; what the household says comes before everything."""
    return 0.0 if isinstance(fact, Ear | Placement) else fact.time


def judge(facts: Iterable[JudgeFact], home: Iterable[JudgeFact] = HOME) -> list[Verdict]:
    """Feed the facts in order of their time to a judge who is asked at every one of them; return all verdicts."""
    judge = Judge(RULES)
    verdicts: list[Verdict] = []
    for fact in [*home, *sorted(facts, key=moment)]:
        verdicts += judge.advance(moment(fact))
        verdicts += judge.feed(fact)
    return verdicts + judge.finish()


def finals(facts: Iterable[JudgeFact], home: Iterable[JudgeFact] = HOME) -> list[Verdict]:
    """The final verdicts on uploads, in the order of the uploads."""
    uploads = [verdict for verdict in judge(facts, home) if verdict.final and verdict.upload is not None]
    return sorted(uploads, key=lambda verdict: verdict.upload.started_at if verdict.upload else 0.0)
