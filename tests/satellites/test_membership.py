# SPDX-License-Identifier: GPL-2.0-or-later
import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from appliance.satellites.membership import (
    Address,
    Membership,
    MembershipError,
    read_address,
    read_membership,
    write_membership,
)

OURS = Membership(hub=Address(host="earwitness.local"), name="bedroom", authority="PEM", token="0" * 64)


def test_it_is_kept(tmp_path: Path) -> None:
    """What was written is read, by the services alone; a machine without the file is no satellite."""
    path = tmp_path / "hub.json"
    assert read_membership(path) is None
    write_membership(path, OURS)
    assert read_membership(path) == OURS
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b'{"hub": 1}'])
def test_damage_is_told(tmp_path: Path, damage: bytes) -> None:
    """A file that makes no sense is not taken for none: the machine would listen for itself."""
    (tmp_path / "hub.json").write_bytes(damage)
    with pytest.raises(MembershipError, match="pair this satellite anew"):
        read_membership(tmp_path / "hub.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_others_is_told(tmp_path: Path) -> None:
    """Who may not read it is told what to do."""
    (tmp_path / "hub.json").touch(0o000)
    with pytest.raises(MembershipError, match="as root"):
        read_membership(tmp_path / "hub.json")


@pytest.mark.parametrize(
    ("typed", "host", "port", "shown"),
    [
        ("earwitness.local", "earwitness.local", 443, "earwitness.local"),
        (" 192.168.1.7 ", "192.168.1.7", 443, "192.168.1.7"),
        ("192.168.1.7:8443", "192.168.1.7", 8443, "192.168.1.7:8443"),
        ("fd00::7", "fd00::7", 443, "[fd00::7]"),
        ("[fd00::7]:8443", "fd00::7", 8443, "[fd00::7]:8443"),
        ("[fe80::7%eth0]", "fe80::7%eth0", 443, "[fe80::7%eth0]"),
    ],
)
def test_an_address_as_people_type_it(typed: str, host: str, port: int, shown: str) -> None:
    """Names and addresses, with a port or without."""
    address = read_address(typed)
    assert (address.host, address.port, str(address)) == (host, port, shown)


@pytest.mark.parametrize("typed", ["", "https://earwitness.local", "a b", "hub:0", "hub:99999", "hub:port", "x" * 300])
def test_what_is_no_address(typed: str) -> None:
    """It is refused before anything is asked there."""
    with pytest.raises((ValidationError, ValueError)):
        read_address(typed)
