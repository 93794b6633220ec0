# SPDX-License-Identifier: GPL-2.0-or-later
from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from appliance.rules import Owners, load_rules
from appliance.rules.owners import OwnerRule
from appliance.rules.types import Examples

NETWORKS = st.tuples(st.integers(0, 255), st.integers(0, 32)).map(
    lambda pair: IPv4Network(((pair[0]), pair[1]), strict=False)
)


def rule(number: int, network: IPv4Network) -> OwnerRule:
    examples = Examples[str](matches=("x",), **{"not": ("y",)})
    return OwnerRule(id=f"r{number}", source="test", vendor=f"v{number}", prefixes=(network,), examples=examples)


@given(st.lists(NETWORKS, min_size=1, max_size=6, unique=True), st.integers(0, 511))
def test_the_longest_prefix_wins(networks: list[IPv4Network], number: int) -> None:
    """An address belongs to the narrowest range that holds it, as in every routing table."""
    address = IPv4Address(number)
    holding = [(network.prefixlen, f"v{place}") for place, network in enumerate(networks) if address in network]
    expected = max(holding)[1] if holding else None
    assert Owners(rule(place, network) for place, network in enumerate(networks)).look(str(address)) == expected


@given(st.text(max_size=60))
def test_any_text_is_looked_up(text: str) -> None:
    """What is no address has no owner."""
    assert load_rules(None).owners.look("x" + text) is None
