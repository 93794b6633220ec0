# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.rules import DetectorRule, UploadRules
from appliance.uploads.examples import check, fires
from tests.uploads.streams import RULES


def test_every_example_of_every_detector_holds() -> None:
    """The packaged detectors do what their rules' examples say."""
    assert not list(check(RULES.uploads))


def test_a_broken_rule_is_named() -> None:
    """A detector that no longer fires on its own example is a problem with the rule's name."""
    deaf = RULES.uploads.cadence.model_copy(update={"count": 10_000, "count_known": 10_000})
    problems = list(check(RULES.uploads.model_copy(update={"cadence": deaf})))
    assert problems
    assert all(problem.key.startswith("cadence.examples.matches") for problem in problems)


def test_only_detectors_have_streams() -> None:
    """A rule that belongs to no detector is refused."""
    rule = DetectorRule.model_construct(id="other")
    with pytest.raises(TypeError):
        fires(rule, RULES.uploads.cadence.examples.matches[0])
    assert isinstance(RULES.uploads, UploadRules)
