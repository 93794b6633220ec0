# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.rules import load_rules

RECORDINGS = load_rules(None).recordings


@pytest.mark.parametrize("vendor", ["amazon", "google", "apple"])
def test_the_large_vendors_pages_are_known(vendor: str) -> None:
    """Whoever has a speaker of theirs is led to where its recordings are heard and deleted."""
    rule = RECORDINGS.of(vendor)
    assert rule is not None
    assert rule.page.startswith("https://")


def test_of_others_nothing_is_claimed() -> None:
    """A vendor without a rule, and a speaker without a vendor, have no page."""
    assert RECORDINGS.of("nobody") is None
    assert RECORDINGS.of(None) is None


def test_every_language_is_spoken() -> None:
    """Each packaged rule has its steps in the three languages of the pages."""
    assert all(rule.steps.keys() >= {"en", "fr", "de"} for rule in RECORDINGS.rules)
