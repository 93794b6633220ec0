# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from pydantic import ValidationError

from appliance.events import Tell
from appliance.rules import load_rules
from appliance.rules.alerts import AlertRules

ALERTS = load_rules(None).alerts


def test_losing_sight_is_an_alert() -> None:
    """A capture that is gone is told at once, a finding that nobody thought of in the digest."""
    assert ALERTS.of_finding("capture-gone") is Tell.ALERT
    assert ALERTS.of_finding("never-heard-of") is Tell.NOTICE


@pytest.mark.parametrize("digest", ["25:00", "soon", ""])
def test_a_digest_comes_at_a_time_of_day(digest: str) -> None:
    """What is no time of the day is refused."""
    with pytest.raises(ValidationError):
        AlertRules.model_validate({**ALERTS.model_dump(by_alias=True), "digest": digest})
