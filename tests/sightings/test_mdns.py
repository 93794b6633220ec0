# SPDX-License-Identifier: GPL-2.0-or-later
from scapy.layers.dns import DNS, DNSRR
from scapy.layers.inet import UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether

from appliance.events import SightingKind
from appliance.sightings import Sightings
from tests.sightings.frames import DEVICE, multicast, offer, question, shown

SERVICE, TXT, HOST = SightingKind.MDNS_SERVICE, SightingKind.MDNS_TXT, SightingKind.MDNS_HOST
KEY = SightingKind.MDNS_KEY


def test_an_offer_shows_service_model_and_names() -> None:
    """Of an announcement the service, the telling values of its TXT record, the others' keys, and names count."""
    packet = multicast(offer("_googlecast._tcp", "md=Google Home Mini", "fn=Kitchen", "id=0123", "pk=abc"))
    assert shown(packet) == {
        (SERVICE, "_googlecast._tcp"),
        (TXT, "md=Google Home Mini"),
        (TXT, "fn=Kitchen"),
        (KEY, "id"),
        (KEY, "pk"),
        (HOST, "Some Room"),
        (HOST, "h"),
    }


def test_questions_show_what_is_asked_for() -> None:
    """What a device looks for tells it as well; a list of what it knows already is not its own."""
    message = question("_amzn-alexa._tcp", "_matter._tcp")
    message.an = [DNSRR(rrname="_hue._tcp.local", type="PTR", rdata="Bridge._hue._tcp.local")]
    asked = {(SightingKind.MDNS_QUESTION, service) for service in ("_amzn-alexa._tcp", "_matter._tcp")}
    assert shown(multicast(message)) == asked


def test_the_list_of_services_shows_each() -> None:
    """An answer to "which services are there" names a service."""
    listing = DNS(qr=1, qd=[], an=[DNSRR(rrname="_services._dns-sd._udp.local", type="PTR", rdata="_sonos._tcp.local")])
    assert shown(multicast(listing)) == {(SERVICE, "_sonos._tcp")}


def test_what_a_proxy_says_for_others_is_not_its_own() -> None:
    """A record whose host has another address is another device's: a sleep proxy's ward, a reflector's far side."""
    assert shown(multicast(offer("_airplay._tcp", "model=MacBookPro16,1", address="192.168.1.99"))) == set()


def test_a_known_proxy_must_prove_what_is_its_own() -> None:
    """Who has spoken for others is believed only where the message itself gives the sender's address."""
    bare = DNS(qr=1, qd=[], an=[DNSRR(rrname="_raop._tcp.local", type="PTR", rdata="x._raop._tcp.local")])
    sightings = Sightings()
    assert shown(multicast(bare), sightings) == {(SERVICE, "_raop._tcp")}
    shown(multicast(offer("_airplay._tcp", address="192.168.1.99")), sightings)
    assert shown(multicast(bare), sightings) == set()
    assert (SERVICE, "_airplay._tcp") in shown(multicast(offer("_airplay._tcp")), sightings)


def test_a_sender_by_ipv6_may_list_its_ipv4_address_alone() -> None:
    """Addresses of another kind than the sender's prove nothing against it."""
    message = offer("_airplay._tcp", "model=AudioAccessory5,1")
    packet = Ether(src=DEVICE) / IPv6(src="fe80::1", dst="ff02::fb") / UDP(sport=5353, dport=5353) / message
    assert (TXT, "model=AudioAccessory5,1") in shown(packet)
