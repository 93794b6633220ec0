# SPDX-License-Identifier: GPL-2.0-or-later
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.remotes import BLOCKS, address

hosts = [("avs-alexa-4-na.amazon.com", "amazon"), ("www.google.com", "google"), ("guzzoni.apple.com", "apple")]


@pytest.mark.parametrize(("host", "owner"), hosts)
def test_a_name_lies_with_its_owner(host: str, owner: str) -> None:
    """The address is of the owner's block, in both families."""
    for v6 in (False, True):
        assert ip_address(address(host, v6=v6)) in ip_network(BLOCKS[owner][v6])


@given(st.text(min_size=1, max_size=30))
def test_every_name_has_one_public_address(host: str) -> None:
    """Whatever the name, its address is steady and lies outside the home."""
    assert address(host) == address(host)
    assert ip_address(address(host)).is_global
    assert ip_address(address(host, v6=True)).is_global
