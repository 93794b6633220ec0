# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from scapy.layers.inet import IP, TCP, fragment
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, fragment6
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw

from appliance.capture import Fragments, Frames, parse
from appliance.limits import FRAGMENT_SECONDS, FRAGMENTED_SEGMENTS
from tests.capture.craft import chunk

SEGMENT = (
    IP(src="10.0.0.1", dst="10.0.0.2", id=7) / TCP(sport=1, dport=443, seq=2**32 - 100, flags="A") / Raw(bytes(4000))
)


def pieces(segment: Packet = SEGMENT) -> list[bytes]:
    """Return the segment's fragments as frames."""
    return [bytes(Ether() / piece) for piece in fragment(segment, fragsize=1480)]  # type: ignore[no-untyped-call]


def spans(*chunks: Frames) -> list[tuple[int, int]]:
    """Return which sequence numbers the frames of port 443 cover, counted from the segment's first."""
    return [
        ((sequence + 100) % 2**32, payload)
        for frames in chunks
        for sequence, payload, port in zip(
            frames.sequence.tolist(), frames.payload.tolist(), frames.target_port.tolist(), strict=True
        )
        if port == 443
    ]


def test_later_fragments_go_on_where_the_first_ended() -> None:
    """The fragments of a TCP segment together cover exactly its bytes."""
    found = spans(parse(chunk(pieces()), Fragments()))
    assert found == [(0, 1460), (1460, 1480), (2940, 1060)]


def test_chunks_do_not_matter() -> None:
    """A later fragment is known in the next chunk too."""
    memory = Fragments()
    found = spans(*(parse(chunk([piece]), memory) for piece in pieces()))
    assert found == [(0, 1460), (1460, 1480), (2940, 1060)]


def test_version_six() -> None:
    """IPv6 fragments are put together just so."""
    whole = IPv6() / IPv6ExtHdrFragment(id=9) / TCP(dport=443, seq=2**32 - 100, flags="A") / Raw(bytes(2500))
    cut = fragment6(whole, 1280)  # type: ignore[no-untyped-call]
    frames = parse(chunk([bytes(Ether() / piece) for piece in cut]), Fragments())
    found = spans(frames)
    assert sum(payload for _, payload in found) == 2500
    assert [begin for begin, _ in found] == np.cumsum([0, *(payload for _, payload in found)]).tolist()[:-1]


def test_without_memory_or_first() -> None:
    """A later fragment whose first was not seen, or not remembered, is protocol 44 and of no flow."""
    assert parse(chunk(pieces())).protocol.tolist() == [6, 44, 44]
    assert parse(chunk(pieces()[1:]), Fragments()).protocol.tolist() == [44, 44]


def test_memory_ends() -> None:
    """What comes too late belongs to another packet of the same number."""
    memory, (first, second, _) = Fragments(), pieces()
    packets = chunk([first, second])
    packets.time[1] = FRAGMENT_SECONDS * 1_000_000_000
    assert parse(packets, memory).protocol.tolist() == [6, 44]


def test_memory_is_bounded() -> None:
    """Of too many open segments the oldest is forgotten, and counted."""
    memory = Fragments()
    for number in range(FRAGMENTED_SEGMENTS + 5):
        segment = IP(src="10.0.0.1", dst="10.0.0.2", id=number, flags="MF") / TCP() / Raw(bytes(8))
        parse(chunk([bytes(Ether() / segment)]), memory)
    assert memory.evicted == 5
