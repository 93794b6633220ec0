# SPDX-License-Identifier: GPL-2.0-or-later
"""The home's network: every flow of every device, opened as devices open them, and their frames slice by slice."""

from dataclasses import dataclass
from ipaddress import ip_address

from appliance.simulate.chance import Chance
from appliance.simulate.content import Noise
from appliance.simulate.hello import client_hello, hello_record, quic_initial, quic_long, server_flight
from appliance.simulate.home import ROUTER, Machine, beyond_router
from appliance.simulate.lan import DNS_TTL, dns_messages
from appliance.simulate.link import Link, Weather
from appliance.simulate.remotes import ALIASES, address
from appliance.simulate.rows import Rows, whole_frames
from appliance.simulate.scenario import Scenario
from appliance.simulate.tcp import WHOLE, Connection, Snaps
from appliance.simulate.udp import Datagrams


@dataclass(frozen=True, slots=True)
class Manner:
    """How a device opens a connection. Of a ``bulk`` one the capture keeps but little, its hello apart."""

    resolver: str = ""  #: "" asks the router
    v6: bool = False
    sni: bool = True
    tls13: bool = False
    alpn: tuple[str, ...] = ()
    bulk: bool = False


PLAIN = Manner()


class Network:
    """All flows that are open, and ready-made frames that wait for their time."""

    def __init__(self, scenario: Scenario, chance: Chance) -> None:
        self.noise = Noise(chance)
        self._chance = chance
        wanted = scenario.behaviours
        stalls = scenario.rates["stalls"] if "stalls" in wanted else 0.0
        self._weather = Weather(
            stalls,
            loss="loss" in wanted,
            retransmission="retransmission" in wanted,
            reordering="reordering" in wanted,
            offload="offload" in wanted,
        )
        self._bulk = scenario.bulk_snap or WHOLE[0]
        self._frames: list[tuple[float, bytes]] = []
        self._flows: list[Connection | Datagrams] = []
        self._answers: dict[tuple[str, str, bool], float] = {}  # (device, host, v6) -> until when the answer is good

    def link(self, name: str) -> Link:
        """Return a new device's way into the network."""
        return Link(self._chance, name, self._weather)

    def frame(self, time: float, frame: bytes) -> None:
        """Put one ready-made frame on the wire."""
        self._frames.append((time, frame))

    def rows(self, until: float) -> list[Rows]:
        """Return the frames of all that was written before ``until``, in no order; some may be of a little later."""
        due = [frame for frame in self._frames if frame[0] < until]
        self._frames = [frame for frame in self._frames if frame[0] >= until]
        parts = [whole_frames(due)] if due else []
        parts += [rows for flow in self._flows if (rows := flow.rows(until)) is not None]
        self._flows = [flow for flow in self._flows if not flow.idle]
        self._answers = {key: good for key, good in self._answers.items() if good >= until}
        return parts

    def connection(self, machine: Machine, host: str, manner: Manner = PLAIN, port: int = 443) -> Connection:
        """Return a connection to ``host`` that is already there: nothing of its opening is seen."""
        remote = beyond_router(address(host, v6=manner.v6), port)
        flow = Connection(machine.end(v6=manner.v6), remote, machine.link, self._snaps(bulk=manner.bulk))
        self._flows.append(flow)
        return flow

    def open(self, machine: Machine, host: str, time: float, manner: Manner = PLAIN) -> tuple[Connection, float]:
        """Look ``host`` up and open a TLS connection to it; return it and when the device may send."""
        time = self.look_up(machine, host, time, manner)
        flow = self.connection(machine, host, manner)
        time = flow.open(time)
        hello = client_hello(self.noise, host if manner.sni else None, tls13=manner.tls13, alpn=manner.alpn)
        flow.write(time, hello_record(hello))
        for kind, length in server_flight(tls13=manner.tls13):
            flow.write(time + 0.03, self.noise.record(length, kind), up=False)
        for kind, length in ((20, 1), (23, 53)) if manner.tls13 else ((22, 70), (20, 1), (22, 40)):
            flow.write(time + 0.045, self.noise.record(length, kind))
        if not manner.tls13:
            flow.write(time + 0.07, self.noise.record(1, 20) + self.noise.record(40, 22), up=False)
        return flow, time + 0.075

    def open_quic(self, machine: Machine, host: str, time: float, manner: Manner = PLAIN) -> tuple[Datagrams, float]:
        """Look ``host`` up and open a QUIC connection to it; return it and when the device may send."""
        time = self.look_up(machine, host, time, manner)
        flow = self.datagrams(machine, address(host, v6=manner.v6), 443, bulk=manner.bulk)
        flow.introduce(time, quic_initial(self.noise, host))
        flow.write(time + 0.022, quic_long(self.noise, 0xC1, 1250), up=False)
        flow.write(time + 0.025, quic_long(self.noise, 0xE1, 79))
        return flow, time + 0.027

    def _snaps(self, *, bulk: bool) -> Snaps:
        return self._bulk, self._bulk if bulk else WHOLE[1]

    def look_up(self, machine: Machine, host: str, time: float, manner: Manner = PLAIN) -> float:
        """Ask the resolver for ``host`` unless its last answer is still good; return when the device knows."""
        key = (machine.mac, host, manner.v6)
        if self._answers.get(key, 0.0) > time:
            return time
        self._answers[key] = time + DNS_TTL
        flow = self.datagrams(machine, ip_address(manner.resolver or ROUTER).packed, 53)
        identification = self.noise.take(2)
        question, answer = dns_messages(host, address(host, v6=manner.v6), ALIASES.get(host, ()))
        flow.write(time, identification + question[2:])
        flow.write(time + 0.02, identification + answer[2:], up=False)
        flow.close()
        return time + 0.024

    def local(self, machine: Machine, other: Machine, port: int) -> Connection:
        """Return a connection to another device of the home."""
        flow = Connection(machine.end(), other.end(port), machine.link)
        self._flows.append(flow)
        return flow

    def local_datagrams(self, machine: Machine, other: Machine, port: int) -> Datagrams:
        """Return a UDP conversation with another device of the home, on ``port`` at both ends."""
        flow = Datagrams(machine.end(port), other.end(port), machine.link)
        self._flows.append(flow)
        return flow

    def datagrams(self, machine: Machine, remote: bytes, port: int, own: int = 0, *, bulk: bool = True) -> Datagrams:
        """Return a new UDP conversation with a remote address (4 or 16 bytes)."""
        end = machine.end(own, v6=len(remote) == 16)
        snaps = WHOLE if port == 53 else self._snaps(bulk=bulk)
        flow = Datagrams(end, beyond_router(remote, port), machine.link, snaps)
        self._flows.append(flow)
        return flow
