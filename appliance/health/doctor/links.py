# SPDX-License-Identifier: GPL-2.0-or-later
"""The network interfaces of this machine, as sysfs shows them (Linux: Documentation/ABI/testing/sysfs-class-net)."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_FORWARDING = 3  # BR_STATE_FORWARDING of linux/if_bridge.h
_UP = 0x1
_ERRORS = ("rx_errors", "rx_missed_errors", "rx_fifo_errors")


@dataclass(frozen=True, slots=True)
class Link:
    """One network interface."""

    name: str
    mac: int = 0
    mtu: int = 1500
    up: bool = True
    carrier: bool = True
    wireless: bool = False
    master: str | None = None  #: the bridge (or bond) that it is a port of
    forwards: bool = True  #: as a port, its bridge lets frames through
    bridge: bool = False  #: it is one
    spanning_tree: bool = False  #: it is a bridge that looks for loops by STP
    errors: int = 0  #: frames that came damaged or found no room in the network card


def read_links(sysfs: Path = Path("/sys")) -> list[Link]:
    """Read all interfaces but the loopback."""
    folder = sysfs / "class/net"
    return [_link(path) for path in sorted(folder.iterdir()) if (path / "ifindex").exists() and path.name != "lo"]


def filtered(proc: Path = Path("/proc")) -> bool:
    """Say whether frames that pass a bridge go through the machine's firewall (br_netfilter)."""
    return any(_number(proc / f"sys/net/bridge/bridge-nf-call-{table}") for table in ("iptables", "ip6tables"))


def _link(path: Path) -> Link:
    master = path / "master"
    return Link(
        path.name,
        mac=_number(path / "address", 16),
        mtu=_number(path / "mtu"),
        up=bool(_number(path / "flags", 16) & _UP),
        carrier=bool(_number(path / "carrier")),
        wireless=(path / "wireless").exists() or (path / "phy80211").exists(),
        master=master.resolve().name if master.exists() else None,
        forwards=_number(path / "brport/state", otherwise=_FORWARDING) == _FORWARDING,
        bridge=(path / "bridge").exists(),
        spanning_tree=bool(_number(path / "bridge/stp_state")),
        errors=sum(_errors(path)),
    )


def _errors(path: Path) -> Iterator[int]:
    return (_number(path / "statistics" / name) for name in _ERRORS)


def _number(path: Path, base: int = 10, *, otherwise: int = 0) -> int:
    with suppress(ValueError):
        return int(_text(path).replace(":", ""), base)
    return otherwise


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # also what carrier says of an interface that is down
        return ""
