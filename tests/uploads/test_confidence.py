# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Proof
from appliance.uploads.confidence import confidence
from tests.uploads.streams import ECHO, RULES, speaker

RULE = RULES.uploads.confidence
DETECTORS = st.sets(st.sampled_from(sorted(RULE.detector)), min_size=1)


@given(DETECTORS, DETECTORS, st.sampled_from(Proof))
def test_more_evidence_is_never_less_sure(some: set[str], more: set[str], by: Proof) -> None:
    """Adding a detector, a name or a signature never lowers the confidence, which stays within 0 and 1."""
    echo = speaker(ECHO, "amazon", "amazon-echo")
    least = confidence(RULE, some, by, None, echo)
    assert 0 <= least <= confidence(RULE, some | more, by, None, echo) <= 1
    assert least <= confidence(RULE, some, by, "echo-opus-32", echo)
    assert least <= confidence(RULE, some, Proof.SNI, None, echo)


def test_a_device_that_is_no_speaker_is_less_sure() -> None:
    """Shape alone on any device of the house says less than on a speaker."""
    echo = speaker(ECHO, "amazon", "amazon-echo")
    assert confidence(RULE, ["steady"], Proof.NONE, None, None) < confidence(RULE, ["steady"], Proof.NONE, None, echo)
