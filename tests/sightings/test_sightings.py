# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP
from scapy.layers.inet import UDP

from appliance.events import Glimpse
from appliance.limits import PROXIES_REMEMBERED, SIGHTING_CHARS, SIGHTINGS_PER_FRAME
from appliance.sightings import Sightings
from tests.sightings.frames import DEVICE, dhcp, glimpse, http, multicast, offer, question, ssdp

FRAMES = [
    bytes(packet)
    for packet in (
        dhcp(("hostname", "x"), ("param_req_list", [1, 3, 6]), ("vendor_class_id", "dhcpcd"), (145, b"\1")),
        multicast(offer("_googlecast._tcp", "md=Google Home")),
        multicast(question("_amzn-alexa._tcp")),
        ssdp("NOTIFY * HTTP/1.1\nServer: x\nNT: y\n\n"),
        http("GET / HTTP/1.1\nUser-Agent: x\n\n"),
    )
]
CHANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=12)


@settings(max_examples=300)
@given(st.sampled_from(FRAMES), CHANGES, st.integers(0, 400), st.sampled_from([1, 101, 113, 276]))
def test_mutated_frames_are_read_or_counted(frame: bytes, changes: list[tuple[int, int]], keep: int, link: int) -> None:
    """Whatever bytes arrive, nothing raises, and what comes out is bounded."""
    mutated = bytearray(frame)
    for place, byte in changes:
        mutated[place % len(mutated)] = byte
    sightings = Sightings().feed(Glimpse(1.0, DEVICE, link, bytes(mutated[: max(keep, 20)])))
    assert len(sightings) <= SIGHTINGS_PER_FRAME
    assert all(0 < len(each.value) <= SIGHTING_CHARS for each in sightings)


@given(st.binary(max_size=200), st.sampled_from([1, 101, 113, 276]))
def test_any_bytes_are_read_or_counted(frame: bytes, link: int) -> None:
    """Noise is no frame, and no error."""
    sightings = Sightings()
    assert isinstance(sightings.feed(Glimpse(1.0, DEVICE, link, frame)), list)


def test_a_thing_shown_twice_is_one_sighting() -> None:
    """A frame that says the same twice gives it once."""
    values = [
        (each.kind, each.value) for each in Sightings().feed(glimpse(multicast(offer("_a._tcp", "md=x", "md=x"))))
    ]
    assert len(values) == len(set(values))


def test_names_that_point_in_circles_are_bounded() -> None:
    """A message of names that all jump through one another is read in a bounded number of steps."""
    body = b"\0\0\x84\0\0\0\xff\xff\0\0\0\0" + b"".join(
        (b"\x3f" + b"a" * 63) * 1 + (0xC000 | (12 + 66 * jump)).to_bytes(2, "big") for jump in range(22)
    )
    records = b"\xc0\x0c" + b"\0\x0c\0\1\0\0\0\1\0\2\xc0\x0c"
    packet = multicast(question("_x._tcp"))
    packet[UDP].remove_payload()
    Sightings().feed(glimpse(packet / (body + records * 80)))


def test_remembered_proxies_are_bounded() -> None:
    """However many devices speak for others, only the latest are remembered."""
    sightings = Sightings()
    packet = multicast(offer("_airplay._tcp", address="192.168.1.99"))
    for number in range(PROXIES_REMEMBERED + 10):
        sightings.feed(glimpse(packet, device=f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"))
    assert len(sightings._proxies) == PROXIES_REMEMBERED


def test_scapy_is_loaded_when_it_is_needed() -> None:
    """Importing the room costs nothing of scapy's half second: only the first glimpse does."""
    code = "import sys, appliance.speakers; sys.exit(any(name.startswith('scapy') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_dhcp_says_again_is_known() -> None:
    """The same request under another number shows the same; other options show something else."""
    sightings = Sightings()
    once = dhcp(("hostname", "kitchen"), ("param_req_list", [1, 3, 6]))
    again = once.copy()
    again[BOOTP].xid = 77
    first, second = sightings.feed(glimpse(once)), sightings.feed(glimpse(again))
    assert first
    assert first == second
    assert sightings.feed(glimpse(dhcp(("hostname", "bedroom"), ("param_req_list", [1, 3, 6])))) != first
