# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from web.neighbours import Neighbours

OURS = ["192.168.1.20", "2001:db9:1:2::20", "::1"]


@pytest.mark.parametrize(
    "peer",
    [
        *("127.0.0.1", "192.168.1.7", "10.9.8.7", "::ffff:192.168.1.7", "::1", "fe80::1", "fe80::1%eth0", "fd00::7"),
        *("100.64.0.9", "2001:db9:1:2:aaaa::7"),
    ],
)
def test_who_is_of_the_home(peer: str) -> None:
    """Private addresses, and those of a network in which this machine is."""
    assert Neighbours(lambda: OURS).include(peer)


@pytest.mark.parametrize(
    "peer", ["8.8.8.8", "::ffff:8.8.8.8", "2001:db9:1:3::7", "2606:4700::1111", "", "nonsense", "192.168.1.7.evil"]
)
def test_who_is_not(peer: str) -> None:
    """Everybody on the internet, and what is no address."""
    assert not Neighbours(lambda: OURS).include(peer)


def test_a_new_network_is_known_when_somebody_comes_from_it() -> None:
    """The provider gave the home another one while the hub ran; the old one is nobody's neighbour any more."""
    own = ["2001:db9:1:2::20"]
    neighbours = Neighbours(lambda: own)
    assert neighbours.include("2001:db9:1:2::7")
    own[:] = ["2001:db9:9:9::20"]
    assert neighbours.include("2001:db9:9:9::7")
    assert not neighbours.include("2001:db9:1:2::7")
