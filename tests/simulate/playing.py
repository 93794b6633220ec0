# SPDX-License-Identifier: GPL-2.0-or-later
"""What the simulator's tests share: a stage without files, and frames taken apart by scapy."""

import io
import json
import math
from dataclasses import replace

import numpy as np
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from appliance.simulate.lines import Line, Lines
from appliance.simulate.rows import Rows, concatenate
from appliance.simulate.scenario import Place, Scenario
from appliance.simulate.speaker import Speaker
from appliance.simulate.stage import Stage

TROUBLES = ("stalls", "loss", "retransmission", "reordering", "offload")


class Theatre:
    """A stage whose sounds and truth can be read, and whose frames can be asked for."""

    def __init__(self, scenario: Scenario) -> None:
        self._files = (io.StringIO(), io.StringIO())
        self.stage = Stage(scenario, Lines(self._files[0]), Lines(self._files[1]))

    def speaker(self, model: str = "echo", room: str = "kitchen", number: int = 0) -> Speaker:
        """Return a new speaker on this stage."""
        return Speaker(self.stage, Place(model, room, "It"), number)

    def sounds(self, kind: str | None = None) -> list[Line]:
        """Return what the ears were told to have heard, only of one type if asked."""
        return self._lines(self.stage.sounds, 0, kind)

    def truth(self, kind: str | None = None) -> list[Line]:
        """Return the truth that was told, only of one type if asked."""
        return self._lines(self.stage.truth, 1, kind)

    def sizes(self) -> dict[str, int]:
        """Let everything happen and return how many bytes of payload each MAC address sent."""
        self.stage.perform(math.inf)
        rows = concatenate(self.stage.net.rows(math.inf))
        sources = [bytes(mac).hex(":") for mac in rows.head[:, 6:12]]
        total: dict[str, int] = {}
        for source, size in zip(sources, (rows.wire - rows.head_length).tolist(), strict=True):
            total[source] = total.get(source, 0) + size
        return total

    def _lines(self, lines: Lines, which: int, kind: str | None) -> list[Line]:
        lines.flush(math.inf)
        told = [json.loads(line) for line in self._files[which].getvalue().splitlines()]
        return [line for line in told if kind in (None, line["type"])]

    def play(self) -> list[Packet]:
        """Let everything happen and return its frames, dissected, in order of time."""
        self.stage.perform(math.inf)
        return packets(concatenate(self.stage.net.rows(math.inf)))


def calm(*without: str, **fields: object) -> Scenario:
    """Return a scenario on a perfect network."""
    return replace(Scenario(**fields), bulk_snap=0).without(*TROUBLES, *without)  # type: ignore[arg-type]


def packets(rows: Rows) -> list[Packet]:
    """Return rows as scapy packets in order of time."""
    order = np.argsort(rows.time, kind="stable").tolist()
    found: list[Packet] = []
    for at in order:
        packet = Ether(rows.head[at, : rows.head_length[at]].tobytes() + bytes(rows.payload[at]))
        packet.time = int(rows.time[at]) / 1e6
        found.append(packet)
    return found


def payload(packet: Packet) -> bytes:
    """Return a packet's transport payload, by the lengths its headers say."""
    if UDP in packet:
        return bytes(packet[UDP].payload)[: packet[UDP].len - 8]
    size = packet[IP].len - 20 if IP in packet else packet[IPv6].plen
    return bytes(packet[TCP].payload)[: size - 20]


def stream(found: list[Packet], port: int, *, up: bool) -> bytes:
    """Return one direction of the TCP connection with this device port, put together by sequence numbers."""
    parts: dict[int, bytes] = {}
    for packet in found:
        if TCP in packet and (packet[TCP].sport if up else packet[TCP].dport) == port and payload(packet):
            parts[packet[TCP].seq] = max(parts.get(packet[TCP].seq, b""), payload(packet), key=len)
    first = min(parts)
    whole = b""
    for number in sorted(parts):
        assert number - first <= len(whole), "a hole that nothing filled"
        whole += parts[number][max(0, len(whole) - (number - first)) :]
    return whole


def records(data: bytes) -> list[int]:
    """Return the lengths of the TLS records that ``data`` is made of."""
    lengths, at = [], 0
    while at < len(data):
        assert data[at] in {20, 22, 23}
        lengths.append(int.from_bytes(data[at + 3 : at + 5], "big"))
        at += 5 + lengths[-1]
    assert at == len(data)
    return lengths
