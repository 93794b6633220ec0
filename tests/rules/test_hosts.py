# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Role
from appliance.rules import Hosts, load_rules
from appliance.rules.hosts import HostRule, host_matches
from appliance.rules.types import Examples

LABELS = st.sampled_from(["a", "b", "ab", "com"])
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
PATTERNS = st.lists(st.sampled_from(["*", "a*", "*b", "a", "b", "com"]), min_size=1, max_size=4).map(".".join)


def rule(number: int, *patterns: str) -> HostRule:
    examples = Examples[str](matches=("x",), **{"not": ("y",)})
    return HostRule(id=f"r{number}", source="test", vendor="v", role=Role.VOICE, hosts=patterns, examples=examples)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("avs-alexa-*-na.amazon.com", "avs-alexa-16-na.amazon.com", True),
        ("avs-alexa-*-na.amazon.com", "avs-alexa-1.6-na.amazon.com", False),
        ("*.smoot.apple.com", "a.b.smoot.apple.com", True),
        ("*.smoot.apple.com", "smoot.apple.com", False),
        ("*.smoot.apple.com", "xsmoot.apple.com", False),
        ("*-courier.push.apple.com", "12-courier.push.apple.com", True),
        ("ingestion.*.prod.alexa.a2z.com", "ingestion.us-east-1.prod.alexa.a2z.com", True),
        ("www.google.com", "www.google.com", True),
        ("www.google.com", "www.google.com.example.org", False),
    ],
)
def test_patterns(pattern: str, name: str, matches: bool) -> None:  # noqa: FBT001 - a table
    """``*.`` in front stands for any labels; every other star stays within its label."""
    assert host_matches(pattern, name) is matches
    assert (Hosts([rule(0, pattern)]).look(name) is not None) is matches


@given(st.lists(PATTERNS, min_size=1, max_size=8), NAMES)
def test_the_index_finds_what_a_search_through_all_rules_finds(patterns: list[str], name: str) -> None:
    """Look-up by endings loses and invents no match."""
    found = Hosts(rule(number, pattern) for number, pattern in enumerate(patterns)).look(name)
    assert (found is not None) == any(host_matches(pattern, name) for pattern in patterns)
    assert found is None or host_matches(found.hosts[0], name)


def test_the_most_specific_pattern_wins() -> None:
    """A whole name beats a pattern, a longer ending a shorter one, stars within a label those for any labels."""
    hosts = Hosts([rule(0, "*.amazon.com"), rule(1, "avs-*.amazon.com"), rule(2, "avs-1.amazon.com"), rule(3, "*.com")])
    found = [hosts.look(name) for name in ("avs-1.amazon.com", "avs-2.amazon.com", "x.amazon.com", "x.com")]
    assert [each and each.id for each in found] == ["r2", "r1", "r0", "r3"]


@given(st.text(max_size=300))
def test_any_name_is_looked_up(name: str) -> None:
    """Names come from the network: whatever they are, the answer is a rule or None."""
    found = load_rules(None).hosts.look(name)
    assert found is None or isinstance(found, HostRule)


def test_the_phone_app_is_no_speaker() -> None:
    """The Alexa app's gateway and the web of Google are marked as shared, so that they accuse no phone."""
    hosts = load_rules(None).hosts
    for name in ("avs-alexa-13-na.amazon.com", "www.google.com"):
        found = hosts.look(name)
        assert found is not None
        assert found.shared
