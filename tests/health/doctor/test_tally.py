# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.health.doctor.tally import Tally
from appliance.limits import DOCTOR_PAIRS
from tests.capture.craft import chunk

OWN, A, B, C, ALL = 0x020000000001, 0x020000000002, 0x020000000003, 0x020000000004, 0xFFFFFFFFFFFF


def frame(sender: int, receiver: int, size: int = 60) -> bytes:
    return (receiver.to_bytes(6) + sender.to_bytes(6) + b"\x88\xb5").ljust(size, b"\0")


def tallied(**ports: list[bytes]) -> Tally:
    tally = Tally(dict.fromkeys(ports, 1500), frozenset({OWN}))
    for port, frames in ports.items():
        tally.feed(port, chunk(frames))
    return tally


def test_who_talks_to_whom() -> None:
    """Frames between others are pairs; what is for all, for us or from us is none, but shows who is there."""
    tally = tallied(eth0=[frame(A, B), frame(A, ALL), frame(C, OWN), frame(OWN, A)], eth1=[frame(B, A)])
    assert tally.heard["eth0"].pairs == {(A, B)}
    assert tally.heard["eth0"].senders == {A, C}
    assert tally.heard["eth0"].frames == 4
    assert tally.answered() == {(A, B)}
    assert tally.looped() == set()


def test_a_question_alone_is_no_conversation() -> None:
    """Only what is seen in both directions counts."""
    assert tallied(eth0=[frame(A, B), frame(A, C)]).answered() == set()


def test_a_device_on_two_ports() -> None:
    """Whoever is heard on both sides shows that they are one network."""
    assert tallied(eth0=[frame(A, ALL)], eth1=[frame(A, B)]).looped() == {A}


def test_merged_frames() -> None:
    """A frame is merged if it is longer than the port takes with its header and two VLAN tags."""
    tally = tallied(eth0=[frame(A, B, 1522), frame(A, B, 1523), frame(A, B, 9000)])
    assert tally.heard["eth0"].merged == 2


def test_a_flood_of_devices_is_bounded() -> None:
    """However many devices somebody makes up, so many are remembered."""
    tally = Tally({"eth0": 1500}, frozenset())
    for first in range(2, 2 + 3 * DOCTOR_PAIRS * 4, DOCTOR_PAIRS * 4):
        tally.feed("eth0", chunk([frame(4 * sender, 4 * sender + 4) for sender in range(first, first + DOCTOR_PAIRS)]))
    assert len(tally.heard["eth0"].pairs) <= len(tally.heard["eth0"].senders) == DOCTOR_PAIRS


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_a_frame(frames: list[bytes]) -> None:
    """Whatever comes in is counted."""
    assert tallied(eth0=frames).heard["eth0"].frames == len(frames)
