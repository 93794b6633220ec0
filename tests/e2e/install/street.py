# SPDX-License-Identifier: GPL-2.0-or-later
"""What is outside of a machine under test: a router that gives addresses, and a client behind the machine."""

import random
import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from tests.e2e.house import until
from tests.network import Namespace

_SOL_PACKET, _AUXILIARY_DATA = 263, 8  # linux/if_packet.h
ROUTER = "192.168.77.1"
ROUTER_6 = "fd77::1"
_DNSMASQ = (
    "dnsmasq --keep-in-foreground --conf-file=/dev/null --no-hosts --no-resolv --port=0 --user=root --interface=lan "
    "--bind-interfaces --dhcp-range=192.168.77.50,192.168.77.199,1h --dhcp-range=fd77::,ra-only --enable-ra "
    "--ra-param=lan,10,600 --no-ping --dhcp-authoritative --log-facility=-"
)


class Street:
    """A router with DHCP and router advertisements on its ``lan``, and a client that knows neither yet."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self.router, self.client = (self._stack.enter_context(Namespace()) for _ in range(2))
        for side in (self.router, self.client):
            side.run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.all.disable_ipv6=0")
            side.run("sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=0")
            side.run("ip link set lo up")
        self._open_router(folder)

    def _open_router(self, folder: Path) -> None:
        for command in (
            "ip link add lan type bridge forward_delay 0 mcast_snooping 0",
            f"ip address add {ROUTER}/24 dev lan",
            f"ip address add {ROUTER_6}/64 dev lan nodad",
            "sysctl -qw net.ipv6.conf.lan.forwarding=1",
            "ip link set lan up",
        ):
            self.router.run(command)
        words = [*_DNSMASQ.split(), f"--dhcp-leasefile={folder / 'leases'}"]
        inside = ["ip", "netns", "exec", self.router.name, *words]
        with (folder / "dnsmasq.log").open("wb") as log:
            dnsmasq = subprocess.Popen(inside, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._stack.callback(dnsmasq.wait)
        self._stack.callback(dnsmasq.terminate)

    def plug(self, side: Namespace, port: str, machine: Namespace, name: str, mac: str) -> None:
        """Lay a wire from a side (the router, the client) to a port of the machine."""
        side.run(f"ip link add {port} type veth peer name {name} address {mac} netns {machine.name}")
        if side is self.router:
            side.run(f"ip link set {port} master lan")
        side.run(f"ip link set {port} up")

    def unplug(self) -> None:
        """Pull both wires: the kernel takes away those of a namespace that ended by itself, but when it likes."""
        for side, port in ((self.router, "r0"), (self.client, "c0")):
            side.run(f"ip link delete {port}")

    def leased(self, seconds: float = 30.0) -> str | None:
        """Ask for an address as a client that was just switched on does; return the one offered, None without."""
        asked = _question(f"02:{random.randbytes(5).hex(':')}")
        end = time.monotonic() + seconds
        with self.client.plug("c0") as plug:
            while time.monotonic() < end:
                plug.send(bytes(asked))
                again = min(end, time.monotonic() + 2)
                while (left := again - time.monotonic()) > 0:
                    plug.settimeout(left)
                    with suppress(TimeoutError):
                        answer = Ether(plug.recv(65535))
                        if BOOTP in answer and (answer[BOOTP].op, answer[BOOTP].xid) == (2, asked[BOOTP].xid):
                            return str(answer[BOOTP].yiaddr)
        return None

    def reached(self, seconds: float = 30.0) -> bool:
        """Say whether the client gets addresses by DHCP and by router advertisement, and the router answers to both."""
        if not (address := self.leased(seconds)):
            return False
        self.client.run("ip address flush dev c0 scope global")
        self.client.run(f"ip address add {address}/24 dev c0")
        until("an address by router advertisement", lambda: "fd77:" in self.client.run("ip -6 address show dev c0"))
        return all(self.answers(to) for to in (ROUTER, ROUTER_6))

    def answers(self, to: str) -> bool:
        """Say whether an address answers the client: that nothing listens there is an answer, too."""
        with self.client.inside(), suppress(TimeoutError, OSError):
            try:
                socket.create_connection((to, 9), timeout=5).close()
            except ConnectionRefusedError:
                return True
            return True
        return False

    def tagged(self) -> int | None:
        """Send a frame with a VLAN tag from client to router; return the VLAN that it arrives with, None without."""
        frame = Ether(src="02:00:00:00:77:07", dst="ff:ff:ff:ff:ff:ff") / Dot1Q(vlan=7, type=0x88B6) / bytes(46)
        with self.router.plug("r0") as there, self.client.plug("c0") as here:
            there.setsockopt(_SOL_PACKET, _AUXILIARY_DATA, 1)
            end = time.monotonic() + 10
            while (left := end - time.monotonic()) > 0:
                here.send(bytes(frame))
                there.settimeout(min(left, 1))
                with suppress(TimeoutError):
                    got, beside, *_ = there.recvmsg(2048, socket.CMSG_SPACE(20))
                    if b"\x88\xb6" in got[12:18]:
                        return int.from_bytes(beside[0][2][16:18], "little") & 0xFFF  # struct tpacket_auxdata
        return None

    def close(self) -> None:
        """Take all of it away."""
        self._stack.close()


def _question(mac: str) -> Ether:
    return (
        Ether(src=mac, dst="ff:ff:ff:ff:ff:ff")
        / IP(src="0.0.0.0", dst="255.255.255.255")  # noqa: S104 - it has no address yet
        / UDP(sport=68, dport=67)
        / BOOTP(chaddr=bytes.fromhex(mac.replace(":", "")), xid=random.getrandbits(32), flags=0x8000)
        / DHCP(options=[("message-type", "discover"), "end"])
    )
