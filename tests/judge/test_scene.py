# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.events import JudgeFact
from tests.judge.household import (
    ECHO,
    RULES,
    WATCHED,
    finals,
    lost,
    speech,
    upload,
    wake,
)

WINDOWS = RULES.verdicts


def confidence(*facts: JudgeFact) -> float:
    return finals([*WATCHED, *facts])[-1].confidence


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (wake(99.5, score=0.9), wake(99.5, score=0.6)),
        (wake(99.5), wake(99.5, near_miss=True)),
        (wake(99.5), wake(96.5)),
        (wake(99.5), wake(99.5, ear="hall-mic")),
    ],
)
def test_confidence_of_a_call(better: JudgeFact, worse: JudgeFact) -> None:
    """A wake word of a lower score, a near miss, one long before or in another room makes a call less sure."""
    assert confidence(better, *upload(100)) > confidence(worse, *upload(100))


def test_confidence_of_an_accusation() -> None:
    """An upload that is not sure to be one, or around which a little was lost, accuses less surely."""
    sure = confidence(speech(99, 104), *upload(100))
    assert sure == 1
    assert confidence(speech(99, 104), *upload(100, confidence=0.7)) == pytest.approx(0.7)
    assert confidence(speech(99, 104), lost(99, 99, ECHO, 500), *upload(100)) == WINDOWS.sure.lossy


def test_confidence_falls_along_a_conversation() -> None:
    """Each follow-up is less sure than the upload it follows."""
    verdicts = finals([*WATCHED, wake(99.5), *upload(100, 3), *upload(108, 3), *upload(116, 3)])
    sure = [verdict.confidence for verdict in verdicts]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 3
