# SPDX-License-Identifier: GPL-2.0-or-later
"""Devices that are asked what they are, on the real kernel: by the registry's wish, and only with the owner's leave."""

import select
import time
from contextlib import closing
from threading import Event, Thread

from scapy.layers.dns import DNS, DNSRR, DNSRRSRV
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether

from appliance.events import Service
from appliance.hub.chores import ask_devices
from appliance.ledger.rows import DEVICE
from appliance.speakers.registry import Registry
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import House, until

SPEAKER, ADDRESS, OURS = "02:00:00:00:0b:01", "192.168.77.17", "192.168.77.1"


class FakeSpeaker:
    """A speaker that says nothing of itself until it is asked; then it answers as one does."""

    def __init__(self, house: House) -> None:
        self.asked: list[str] = []  #: what it was asked, in order
        self._plug = house.home.plug("home")
        self._over = Event()
        self._thread = Thread(target=self._live, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear no more."""
        self._over.set()
        self._thread.join()
        self._plug.close()

    def _live(self) -> None:
        while not self._over.is_set():
            if select.select([self._plug], [], [], 0.1)[0]:
                self._hear(Ether(self._plug.recv(4096)))

    def _hear(self, packet: Ether) -> None:
        if ARP in packet and packet[ARP].op == 1:
            self.asked.append(f"ARP {packet[ARP].pdst}")
            if packet[ARP].pdst == ADDRESS:
                reply = ARP(op=2, hwsrc=SPEAKER, psrc=ADDRESS, hwdst=packet.src, pdst=packet[ARP].psrc)
                self._plug.send(bytes(Ether(src=SPEAKER, dst=packet.src) / reply))
        elif UDP in packet and packet[UDP].dport == 5353 and DNS in packet and not packet[DNS].qr:
            names = [each.qname.decode() for each in packet[DNS].qd]
            self.asked.append("mDNS")
            if "_googlecast._tcp.local." in names:
                self._plug.send(bytes(_cast()))
        elif UDP in packet and packet[UDP].dport == 1900:
            self.asked.append("SSDP")


def _cast() -> Ether:
    """Return what a Google Home Mini answers."""
    instance, host = "Home-Mini._googlecast._tcp.local", "home-mini.local"
    message = DNS(
        qr=1,
        aa=1,
        qd=[],
        an=[DNSRR(rrname="_googlecast._tcp.local", type="PTR", rdata=instance)],
        ar=[
            DNSRR(rrname=instance, type="TXT", rdata=["md=Google Home Mini"]),
            DNSRRSRV(rrname=instance, target=host, port=8009),
            DNSRR(rrname=host, type="A", rdata=ADDRESS),
        ],
    )
    link = Ether(src=SPEAKER, dst="01:00:5e:00:00:fb") / IP(src=ADDRESS, dst="224.0.0.251", ttl=255)
    return link / UDP(sport=5353, dport=5353) / message


def test_a_silent_speaker_is_found_by_asking(house: House, appliance: MakeAppliance) -> None:
    """With the owner's leave it is asked, answers, and is in the ledger as what it is; without, nothing is sent."""
    house.bridge.run(f"ip addr add {OURS}/26 dev br0")
    ours = appliance()
    registry = Registry(ours.settings.paths.registry, time.time())
    ours.start(Service.CAPTURE)
    with closing(FakeSpeaker(house)) as speaker:
        assert ask_devices(ours.settings.paths, registry).startswith("not allowed")
        registry.allow_probing(allowed=True)
        before = ours.capture()
        assert before is not None
        until("the capture to see the leave", lambda: (found := ours.capture()) and found.time > before.time + 2)
        assert speaker.asked == []
        ask_devices(ours.settings.paths, registry)
        until("the speaker to be known", lambda: [each for each in ours.facts(DEVICE) if each.speaker == "google-home"])
        until("all to be asked", lambda: (found := ours.capture()) and found.probed)
    found = ours.capture()
    assert found is not None
    assert found.probed == f"br0: {found.probes} frames"
    assert found.probes == 2 + 61  # a network of 62 addresses, less ours
    assert speaker.asked[:2] == ["mDNS", "SSDP"]
    assert len([each for each in speaker.asked if each.startswith("ARP")]) == 61
    house.bridge.run(f"ip addr del {OURS}/26 dev br0")
    assert ours.end(Service.CAPTURE)[0] == 0


def test_a_bridge_without_an_address_sends_nothing(house: House, appliance: MakeAppliance) -> None:
    """Though it was asked to; and it says so."""
    ours = appliance()
    registry = Registry(ours.settings.paths.registry, time.time())
    registry.allow_probing(allowed=True)
    ours.start(Service.CAPTURE)
    with closing(FakeSpeaker(house)) as speaker:
        registry.ask_probing(time.time())
        until("the capture to say so", lambda: (found := ours.capture()) and "no port has" in found.probed)
        assert speaker.asked == []
