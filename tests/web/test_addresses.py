# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from web.addresses import own_addresses

TRIE = """Main:
  +-- 192.168.178.0/24 2 0 2
     |-- 192.168.178.0
        /24 link UNICAST
Local:
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     |-- 192.168.178.20
        /32 host LOCAL
     |-- 192.168.178.255
        /32 link BROADCAST
"""
TABLE = "00000000000000000000000000000001 01 80 10 80       lo\nfd00000000000000dea632fffe000001 02 40 00 80     eth0\n"


def test_the_kernel_tells_which_addresses_are_ours(tmp_path: Path) -> None:
    """Those that are delivered here, of both families; no network and no broadcast address."""
    (tmp_path / "fib_trie").write_text(TRIE)
    (tmp_path / "if_inet6").write_text(TABLE)
    assert own_addresses(tmp_path) == ["127.0.0.1", "192.168.178.20", "::1", "fd00::dea6:32ff:fe00:1"]


def test_what_the_kernel_does_not_tell_is_left_out(tmp_path: Path) -> None:
    """Without IPv6 there is no table of it."""
    assert own_addresses(tmp_path) == []
    (tmp_path / "fib_trie").write_text("           /32 host LOCAL\n\n/32 host LOCAL")
    (tmp_path / "if_inet6").write_text("nonsense\n\n")
    assert own_addresses(tmp_path) == []


def test_this_machine_has_itself() -> None:
    """The loopback address is on every machine."""
    assert "127.0.0.1" in own_addresses()
