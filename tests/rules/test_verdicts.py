# SPDX-License-Identifier: GPL-2.0-or-later
from typing import get_args

import pytest
from pydantic import ValidationError

from appliance.events import Tell
from appliance.rules import VerdictName, VerdictRules, load_rules


def test_every_verdict_is_told_somehow() -> None:
    """Each verdict has its loudness, and a rule that forgets one is refused with its name."""
    rules = load_rules(None).verdicts
    assert rules.tell.keys() == set(get_args(VerdictName))
    less = rules.model_dump(by_alias=True)
    del less["tell"]["unheard"]
    with pytest.raises(ValidationError, match="tell has no word on: unheard"):
        VerdictRules.model_validate(less)


def test_what_could_not_be_heard_is_never_an_alert() -> None:
    """Without a witness there is no accusation."""
    tell = load_rules(None).verdicts.tell
    assert {tell["unheard"], tell["capture_gap"]} == {Tell.NOTICE}
    assert tell["unexplained_silence"] is Tell.URGENT
