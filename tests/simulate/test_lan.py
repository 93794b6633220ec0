# SPDX-License-Identifier: GPL-2.0-or-later
from ipaddress import ip_address

from scapy.layers.dhcp import DHCP
from scapy.layers.dns import DNS
from scapy.layers.inet import UDP
from scapy.layers.l2 import Ether

from appliance.simulate.lan import dhcp_frames, dns_messages, mdns_frame, ssdp_frame

MAC = "44:65:0d:01:02:03"


def test_a_name_is_answered_through_its_aliases() -> None:
    """The answer leads from the name asked for over each alias to the address."""
    question, answer = dns_messages("a.example", bytes([5, 6, 7, 8]), ("b.example", "c.example"))
    assert DNS(question).qd[0].qname == b"a.example."
    found = [(record.rrname, record.rdata) for record in DNS(answer).an]
    assert found == [(b"a.example.", b"b.example."), (b"b.example.", b"c.example."), (b"c.example.", "5.6.7.8")]


def test_six_byte_families_are_asked_for_as_such() -> None:
    """An IPv6 address comes as AAAA."""
    address = ip_address("2001:db8::5").packed
    question, answer = dns_messages("a.example", address, ())
    assert DNS(question).qd[0].qtype == DNS(answer).an[0].type == 28
    assert DNS(answer).an[0].rdata == "2001:db8::5"


def test_a_boot_asks_and_gets() -> None:
    """DISCOVER, OFFER, REQUEST, ACK, in this order, with the device's options in what it sends itself."""
    options: list[tuple[str | int, object]] = [("param_req_list", [1, 3]), ("hostname", "It"), (145, b"\x01")]
    frames = dhcp_frames(MAC, ("7c:2f:80:10:52:01", "192.168.1.1"), "192.168.1.20", options, 7)
    messages = [Ether(frame)[DHCP].options for _, frame in frames]
    assert [dict(message[:1])["message-type"] for message in messages] == [1, 2, 3, 5]
    assert ("param_req_list", [1, 3]) in messages[0]
    assert ("hostname", b"It") in messages[2]
    assert [after for after, _ in frames] == sorted(after for after, _ in frames)


def test_mdns_asks_or_offers() -> None:
    """A message without services is a question; with services it is an answer with PTR, TXT and address."""
    asked = Ether(mdns_frame(MAC, "192.168.1.20", ("_x._tcp.local",), (), "It.local"))[DNS]
    offered = Ether(mdns_frame(MAC, "192.168.1.20", (), (("_x._tcp.local", "It", ("k=v",)),), "It.local"))[DNS]
    assert (asked.qr, asked.qd[0].qname) == (0, b"_x._tcp.local.")
    assert offered.qr == 1
    assert [record.type for record in offered.an] == [12, 16, 1]


def test_ssdp_searches() -> None:
    """A search names its target and goes to SSDP's group and port."""
    frame = Ether(ssdp_frame(MAC, "192.168.1.20", "ssdp:all"))
    assert (frame.dst, frame[UDP].dport) == ("01:00:5e:7f:ff:fa", 1900)
    assert b"ST: ssdp:all\r\n" in bytes(frame[UDP].payload)
