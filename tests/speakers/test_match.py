# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.packet import Packet

from appliance.capture import open_capture, parse
from appliance.events import Asked, Device, Glimpse, Named, Sighting, SightingKind
from appliance.flows import Flows
from appliance.limits import DEVICES_KNOWN
from appliance.rules import load_rules
from appliance.sightings import Sightings
from appliance.speakers import Speakers, vendor_of
from tests.sightings.frames import DEVICE, dhcp, glimpse, http, multicast, offer, question, ssdp

RULES = load_rules(None)
COMMON = [1, 33, 3, 6, 15, 28, 51, 58, 59]


def dhcp_of(parameters: list[int], vendor: str = "", hostname: str = "", *more: object) -> Packet:
    named = [("hostname", hostname)] if hostname else []
    classed = [("vendor_class_id", vendor)] if vendor else []
    return dhcp(*named, *classed, ("param_req_list", parameters), *more)


def meet(packets: Iterable[Packet], maker: str | None = None) -> Device:
    """Return what a device is that sends these frames and whose chip is by ``maker``."""
    speakers, sightings = Speakers(RULES), Sightings()
    if maker:
        speakers.feed(Sighting(1.0, DEVICE, SightingKind.OUI, maker))
    for packet in packets:
        for sighting in sightings.feed(glimpse(packet)):
            speakers.feed(sighting)
    (device,) = speakers.devices()
    return device


AMAZON, GOOGLE, APPLE = "Amazon Technologies Inc.", "Google, Inc.", "Apple, Inc."
DALVIK = "GET /x HTTP/1.1\nUser-Agent: Dalvik/2.1.0 (Linux; U; Android 5.1.1; {} Build/LVY48F)\n\n"
SPEAKERS = {
    "home-mini-dhcp": (
        [dhcp_of(COMMON, "dhcpcd-6.8.2:Linux-3.8.13+:armv7l:Marvell", "Google-Home-Mini")],
        GOOGLE,
        ("google-home", "Google Home Mini"),
    ),
    "home-mini-mdns": (
        [multicast(offer("_googlecast._tcp", "md=Google Home Mini", "fn=Office", "ve=05"))],
        GOOGLE,
        ("google-home", "Google Home Mini"),
    ),
    "home-mini-chip-maker": (
        [dhcp_of(COMMON, "dhcpcd-6.8.2:Linux-3.8.13+:armv7l:Marvell", "Google-Home-Mini")],
        None,
        ("google-home", "Google Home Mini"),
    ),
    "dot-2-dhcp": (
        [dhcp_of(COMMON, "dhcpcd-5.5.6", "amazon-0a1b2c3d4")],
        AMAZON,
        ("amazon-echo", "Echo Dot (2nd generation)"),
    ),
    "dot-2-http": ([http(DALVIK.format("AEOBC"))], AMAZON, ("amazon-echo", "Echo Dot (2nd generation)")),
    "plus-dhcp": (
        [dhcp_of([1, 33, 3, 6, 15, 26, 28, 51, 58, 59], "dhcpcd-5.5.6", "amazon-0a1b2c3d4")],
        AMAZON,
        ("amazon-echo", "Echo Plus"),
    ),
    "plus-http": ([http(DALVIK.format("AEOSN"))], AMAZON, ("amazon-echo", "Echo Plus")),
    "spot-http": ([http(DALVIK.format("AEORK"))], AMAZON, ("amazon-echo", "Echo Spot")),
    "dot-3-dhcp": (
        [dhcp_of([*COMMON, 119], "dhcpcd-6.8.2:Linux-4.4.22+:armv7l:MT8167B", "", (145, b"\1"))],
        AMAZON,
        ("amazon-echo", "Echo Dot (3rd generation)"),
    ),
    "echo-mdns": ([multicast(question("_amzn-alexa._tcp", "_matter._tcp"))], AMAZON, ("amazon-echo", None)),
    "homepod-airplay": (
        [multicast(offer("_airplay._tcp", "model=AudioAccessory1,1", "deviceid=00:00"))],
        APPLE,
        ("apple-homepod", "HomePod (1st generation)"),
    ),
    "homepod-raop": (
        [multicast(offer("_raop._tcp", "am=AudioAccessory1,1"))],
        APPLE,
        ("apple-homepod", "HomePod (1st generation)"),
    ),
    "homepod-companion": (
        [multicast(offer("_companion-link._tcp", "rpMd=AudioAccessory5,1"))],
        APPLE,
        ("apple-homepod", "HomePod mini"),
    ),
    "homepod-device-info": (
        [multicast(offer("_device-info._tcp", "model=B238aAP"))],
        APPLE,
        ("apple-homepod", "HomePod (1st generation)"),
    ),
    "homepod-http": (
        [http("GET /bag HTTP/1.1\nUser-Agent: server-bag [iPhone OS,13.2,17K90,AudioAccessory1,1]\n\n")],
        None,
        ("apple-homepod", "HomePod (1st generation)"),
    ),
    "homepod-2": (
        [multicast(offer("_airplay._tcp", "model=AudioAccessory6,1"))],
        APPLE,
        ("apple-homepod", "HomePod (2nd generation)"),
    ),
    "invoke-dhcp": (
        [dhcp_of(COMMON, "dhcpcd-5.5.6", "HK Invoke_0A1B2C")],
        "Harman Consumer Group",
        ("hk-invoke", None),
    ),
    "sonos-ssdp": (
        [ssdp("NOTIFY * HTTP/1.1\nSERVER: Linux UPnP/1.0 Sonos/62.1 (ZPS13)\nNT: upnp:rootdevice\n\n")],
        "Sonos, Inc.",
        ("sonos", "Sonos One"),
    ),
    "sonos-mdns": ([multicast(offer("_sonos._tcp"))], None, ("sonos", None)),
    "bose-mdns": ([multicast(offer("_soundtouch._tcp"))], "Bose Corporation", ("unknown-speaker", "Bose speaker")),
    "some-speaker": ([multicast(offer("_spotify-connect._tcp"))], None, ("unknown-speaker", None)),
}
OTHERS = {
    "chromecast-dhcp": ([dhcp_of(COMMON, "dhcpcd-5.2.10:Linux-3.8.13:armv7l:MV88DE3108")], GOOGLE),
    "chromecast-mdns": ([multicast(offer("_googlecast._tcp", "md=Chromecast", "fn=TV"))], GOOGLE),
    "android": ([dhcp_of([1, 3, 6, 15, 26, 28, 51, 58, 59, 43], "android-dhcp-8.0.0")], None),
    "iphone": ([dhcp_of([1, 121, 3, 6, 15, 119, 252], "", "Annas-iPhone")], APPLE),
    "apple-tv": ([multicast(offer("_airplay._tcp", "model=AppleTV11,1"))], APPLE),
    "mac": ([multicast(offer("_companion-link._tcp", "rpMd=MacBookPro16,1"))], APPLE),
    "fire-tv": ([multicast(offer("_amzn-wplay._tcp")), multicast(question("_amzn-alexa._tcp"))], AMAZON),
    "roomba": ([multicast(offer("_amzn-alexa._tcp"))], "iRobot Corporation"),
    "router-reflecting": ([multicast(offer("_googlecast._tcp", "md=Google Home", address="10.0.0.9"))], "AVM GmbH"),
    "sonos-app": ([ssdp("M-SEARCH * HTTP/1.1\nST: urn:schemas-upnp-org:device:ZonePlayer:1\n\n")], APPLE),
    "tv-with-spotify": ([multicast(offer("_androidtvremote2._tcp")), multicast(offer("_spotify-connect._tcp"))], None),
}


@pytest.mark.parametrize("case", SPEAKERS)
def test_each_speaker_by_what_it_sends(case: str) -> None:
    """Each known frame of a speaker gives its family, and its model where the frame tells."""
    packets, maker, expected = SPEAKERS[case]
    device = meet(packets, maker)
    assert (device.speaker, device.model) == expected
    assert device.by


@pytest.mark.parametrize("case", OTHERS)
def test_others_are_no_speakers(case: str) -> None:
    """Phones, televisions, cast sticks, robots and routers are not taken for a speaker."""
    packets, maker = OTHERS[case]
    device = meet(packets, maker)
    assert (device.speaker, device.confidence) == (None, 0)


@pytest.mark.parametrize(
    ("host", "speaker"),
    [
        ("avs-alexa-4-na.amazon.com", "amazon-echo"),
        ("alexa.na.gateway.devices.a2z.com", "amazon-echo"),
        ("embeddedassistant.googleapis.com", "google-home"),
        ("guzzoni.apple.com", "apple-homepod"),
        ("websockets.platform.bing.com", "hk-invoke"),
        ("www.google.com", None),
        ("avs-alexa-13-na.amazon.com", None),
        ("example.org", None),
    ],
)
def test_a_voice_host_alone(host: str, speaker: str | None) -> None:
    """A name that only speakers speak to is enough; one that everybody uses says nothing."""
    device = Speakers(RULES).feed(Sighting(1.0, DEVICE, SightingKind.HOST, host))
    assert device is not None
    assert device.speaker == speaker


POOL = [
    Sighting(time, DEVICE, kind, value)
    for time, (kind, value) in enumerate(
        [
            (SightingKind.OUI, AMAZON),
            (SightingKind.HOST, "avs-alexa-4-na.amazon.com"),
            (SightingKind.HOST, "avs-alexa-3-na.amazon.com"),
            (SightingKind.HOST, "unagi-na.amazon.com"),
            (SightingKind.MDNS_QUESTION, "_amzn-alexa._tcp"),
            (SightingKind.MDNS_TXT, "md=Google Home"),
            (SightingKind.MDNS_TXT, "fn=Kitchen"),
            (SightingKind.MDNS_TXT, "fn=Bath"),
            (SightingKind.MDNS_HOST, "Android"),
            (SightingKind.DHCP_HOSTNAME, "amazon-1234"),
            (SightingKind.DHCP_VENDOR, "dhcpcd-5.5.6"),
            (SightingKind.SSDP, "SERVER: Linux UPnP/1.0 Sonos/57.3 (ZPS1)"),
        ]
    )
]


@given(st.permutations(POOL), st.lists(st.sampled_from(POOL), max_size=10))
def test_order_and_repetition_make_no_difference(order: list[Sighting], again: list[Sighting]) -> None:
    """The same sightings, in any order and any number of times, make the same device."""
    speakers, sorted_ones = Speakers(RULES), Speakers(RULES)
    for sighting in (*order, *again):
        speakers.feed(sighting)
    for sighting in POOL:
        sorted_ones.feed(sighting)
    assert speakers.devices() == sorted_ones.devices()


def test_only_changes_are_told() -> None:
    """A device is told when it is new and when it changes noticeably, not each time it shows itself."""
    speakers = Speakers(RULES)
    another = Sighting(2.0, DEVICE, SightingKind.HOST, "avs-alexa-5-na.amazon.com")
    shown = (POOL[0], POOL[0], POOL[1], POOL[1], another, POOL[8])
    assert [speakers.feed(sighting) is not None for sighting in shown] == [True, False, True, False, False, True]


def test_the_one_silent_for_longest_is_forgotten_first() -> None:
    """A flood of made-up devices does not push out a speaker that goes on showing itself."""
    speakers = Speakers(RULES)
    speakers.feed(Sighting(0.0, DEVICE, SightingKind.HOST, "avs-alexa-4-na.amazon.com"))
    for number in range(DEVICES_KNOWN + 100):
        speakers.feed(Sighting(float(number), f"made-up {number}", SightingKind.HOST, "x"))
        if number % 1000 == 0:
            speakers.feed(Sighting(float(number), DEVICE, SightingKind.HOST, "avs-alexa-4-na.amazon.com"))
    assert len(speakers.devices()) == DEVICES_KNOWN
    assert speakers.evicted == 101
    assert any(device.speaker == "amazon-echo" for device in speakers.devices())


@given(st.lists(st.tuples(st.sampled_from(list(SightingKind)), st.text(max_size=30)), max_size=30))
def test_any_sightings_make_a_device(shown: list[tuple[SightingKind, str]]) -> None:
    """Whatever is shown, a device comes of it whose memory the rules bound."""
    speakers = Speakers(RULES)
    for kind, value in shown:
        speakers.feed(Sighting(1.0, DEVICE, kind, value))
    for device in speakers.devices():
        assert 0 <= device.confidence <= 1


@pytest.mark.parametrize("folder", ["echo-home-a", "echo-dot-3"])
def test_real_echos_are_recognised(shared: Path, folder: str) -> None:
    """In each real capture the Echo is recognised by what it shows and by its codec's beat, and nothing else is one."""
    for path in sorted((shared / "corpus" / folder).glob("*.pcap*")):
        speakers, sightings, flows = Speakers(RULES), Sightings(), Flows()
        with open_capture(path) as capture:
            facts = [fact for batch in capture for fact in flows.feed(parse(batch))]
        for fact in facts:
            if isinstance(fact, Glimpse):
                for sighting in sightings.feed(fact):
                    speakers.feed(sighting)
            elif isinstance(fact, Named | Asked):
                device = fact.device if isinstance(fact, Asked) else fact.flow.device
                speakers.feed(Sighting(fact.time, device, SightingKind.OUI, vendor_of(device) or "unknown"))
                speakers.feed(Sighting(fact.time, device, SightingKind.HOST, fact.host))
        if folder == "echo-dot-3":
            (device,) = [known.device for known in speakers.devices()]
            speakers.feed(Sighting(0.0, device, SightingKind.BEHAVIOUR, "echo-pcm"))
        assert [known.speaker for known in speakers.devices()] == ["amazon-echo"], path.name
