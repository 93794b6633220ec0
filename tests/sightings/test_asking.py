# SPDX-License-Identifier: GPL-2.0-or-later
import base64
import io
import json
from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether

from appliance.limits import PROBE_ADDRESSES, PROBE_FRAMES, PROBE_SERVICES
from appliance.sightings.asking import answer, frames

MAC = "02:00:00:00:00:01"


@given(st.ip_addresses(v=4), st.integers(8, 30))
def test_the_network_is_asked_and_no_more(address: IPv4Address, length: int) -> None:
    """Each address of it once, but ours; of a large one those around ours; never one of another network."""
    home = IPv4Interface((address, length))
    asked = [Ether(frame)[ARP] for frame in list(frames(MAC, home, []))[2:]]
    targets = {IPv4Address(each.pdst) for each in asked}
    assert len(asked) == len(targets) < PROBE_ADDRESSES < PROBE_FRAMES
    assert all(each in home.network for each in targets)
    assert home.ip not in targets
    whole = min(home.network.num_addresses, PROBE_ADDRESSES)
    assert len(targets) in (whole - 3, whole - 2)
    assert {(each.hwsrc, each.psrc, each.op) for each in asked} == {(MAC, str(home.ip), 1)}


def test_services_are_asked_for_in_one_frame() -> None:
    """As questions of multicast DNS, to everybody on this link and nobody beyond; however many rules name."""
    services = [f"_service-{number}._tcp" for number in range(100)]
    frame = next(frames(MAC, IPv4Interface("192.0.2.1/24"), services))
    packet = Ether(frame)
    assert len(frame) < 1500
    assert (packet.dst, packet[IP].dst, packet[IP].ttl) == ("01:00:5e:00:00:fb", "224.0.0.251", 255)
    assert (packet[UDP].sport, packet[UDP].dport) == (5353, 5353)
    names = [each.qname.decode() for each in packet[DNS].qd]
    assert len(names) == PROBE_SERVICES
    assert names[:2] == ["_services._dns-sd._udp.local.", "_service-0._tcp.local."]


def test_all_is_searched_for_by_ssdp() -> None:
    """To the group of UPnP, no further than two routers."""
    packet = Ether(list(frames(MAC, IPv4Interface("192.0.2.1/24"), []))[1])
    assert (packet[IP].dst, packet[IP].ttl, packet[UDP].dport) == ("239.255.255.250", 2, 1900)
    assert bytes(packet[UDP].payload).startswith(b"M-SEARCH * HTTP/1.1\r\n")


def test_it_answers_by_a_pipe() -> None:
    """What is asked for comes as JSON; what is no address is refused."""
    out = io.StringIO()
    answer(io.StringIO(json.dumps({"mac": MAC, "home": "192.0.2.1/29", "services": ["_a._tcp"]})), out)
    made = [base64.b64decode(each) for each in json.loads(out.getvalue())]
    assert len(made) == 2 + 5
    with pytest.raises(ValueError, match="nowhere"):
        answer(io.StringIO(json.dumps({"mac": MAC, "home": "nowhere", "services": []})), out)
