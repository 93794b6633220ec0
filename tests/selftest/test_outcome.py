# SPDX-License-Identifier: GPL-2.0-or-later
from collections import Counter
from dataclasses import replace

import pytest

from appliance.events import FlowKey, Proof, Role, Tell, Upload, Verdict, Wake
from appliance.selftest.house import Due
from appliance.selftest.outcome import compare

ECHO, DOT = "44:65:0d:00:00:01", "44:65:0d:00:00:02"
FLOW = FlowKey(ECHO, "tcp", 50_000, "203.0.113.7", 443)
UPLOAD = Upload(108.0, FLOW, None, None, Proof.NONE, Role.VOICE, 100.0, 100.5, 104.0, 9000, 0, ("cadence",), None, 0.9)
CALLED = Verdict(109.0, "called", Tell.NOBODY, 0.9, ECHO, UPLOAD, None, (), "1", final=True)
SILENT = replace(CALLED, verdict="silent_speaker", upload=None, wake=Wake(200.0, "mic", "alexa", 0.9))
DUE = [Due("called", ECHO, 100.1, 104.0), Due("silent_speaker", ECHO, 200.0, 200.0)]


def test_each_verdict_that_came_when_it_was_due_is_right() -> None:
    """An upload is met by overlap, a wake word by its time."""
    outcomes = compare(DUE, [CALLED, SILENT])
    assert [(one.verdict, one.expected, one.got, one.right) for one in outcomes] == [
        ("called", 1, 1, True),
        ("silent_speaker", 1, 1, True),
    ]


@pytest.mark.parametrize(
    ("came", "instead"),
    [
        ([], "nothing"),
        ([replace(CALLED, final=False)], "nothing"),
        ([replace(CALLED, verdict="unheard")], "unheard"),
        ([replace(CALLED, upload=replace(UPLOAD, flow=FLOW._replace(device=DOT)))], "nothing"),
        ([replace(CALLED, upload=replace(UPLOAD, started_at=105.0, ended_at=107.0))], "nothing"),
        ([SILENT], "nothing"),
    ],
)
def test_what_came_instead_is_named(came: list[Verdict], instead: str) -> None:
    """A verdict that is missing, not final, another one, another device's or of another time is not right."""
    (outcome,) = compare(DUE[:1], came)
    assert (outcome.got, outcome.right, outcome.instead) == (0, False, Counter({instead: 1}))


def test_two_verdicts_on_one_upload_are_not_right() -> None:
    """Each upload has one final verdict."""
    (outcome,) = compare(DUE[:1], [CALLED, replace(CALLED, verdict="unheard")])
    assert (outcome.got, outcome.instead) == (0, Counter({"called": 1, "unheard": 1}))
