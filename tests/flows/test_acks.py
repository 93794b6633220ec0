# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.events import FlowKey, Lost, Piece
from appliance.flows.acks import Acknowledgements
from appliance.flows.sides import Directions, flow_hash
from tests.flows.frames_of import CLOUD, SPEAKER, Packet, down, frames_of
from tests.flows.wire import facts_of, of, record

KEY = FlowKey(SPEAKER, "tcp", 50_000, CLOUD, 443)


def ack(time: float, number: int, port: int = 50_000) -> Packet:
    return replace(down(Packet(time, source_port=port)), acknowledged=number)


numbers = st.lists(st.tuples(st.integers(0, 2), st.integers(-2000, 2000)), max_size=200)


@given(numbers, st.integers(0, 1 << 32), st.integers(-1, 200))
@settings(max_examples=50)
def test_the_first_acknowledgement_beyond_is_found(acked: list[tuple[int, int]], position: int, row: int) -> None:
    """However many flows and acknowledgements a chunk has, the answer is that of looking at each."""
    packets = [ack(1 + n * 0.001, position + ahead, 50_000 + port) for n, (port, ahead) in enumerate(acked)]
    packets.append(Packet(2.0, b"x"))
    frames = frames_of(packets)
    sides = Directions().feed(frames, 0)
    flow = int(flow_hash(frames, np.array([len(acked)]), up=True)[0])
    acks = Acknowledgements()
    acks.begin(frames, frames.packets.time // 1000, sides)
    beyond = [n for n, (port, ahead) in enumerate(acked) if port == 0 and ahead > 0 and n > row]
    expected = int(frames.packets.time[beyond[0]]) // 1000 if beyond else None
    assert acks.beyond(flow, position, row) == expected


def test_a_hole_that_the_remote_side_has_is_given_up_at_once() -> None:
    """Bytes that were acknowledged will not be sent again: the loss is told when that is known."""
    packets = [Packet(1, record(60), 0), Packet(1.1, record(62), 131), ack(1.15, 65), ack(1.2, 198)]
    facts = facts_of([*packets, Packet(1.25, record(61), 198)])
    assert of(Lost, facts) == [Lost(1.2, KEY, 66)]
    assert [(piece.time, piece.length) for piece in of(Piece, facts) if isinstance(piece, Piece)] == [
        (1, 60),
        (1.2, 62),
        (1.25, 61),
    ]


def test_a_hole_that_the_remote_side_waits_for_is_waited_for() -> None:
    """An acknowledgement of what lies before the hole shows a loss on the way: the retransmission fills it."""
    packets = [Packet(1, record(60), 0), Packet(1.1, record(62), 131), ack(1.15, 65), ack(1.2, 65)]
    facts = facts_of([*packets, Packet(1.4, record(61), 65)])
    assert of(Lost, facts) == []
    assert [piece.length for piece in of(Piece, facts) if isinstance(piece, Piece)] == [60, 61, 62]


def test_a_hole_that_is_filled_in_part_is_not_forgotten() -> None:
    """What is still missing of a hole is given up in its time, though a part of it came."""
    packets = [Packet(1, bytes(10), 0), Packet(1.1, bytes(10), 50), Packet(1.2, bytes(10), 10)]
    (lost,) = of(Lost, facts_of([*packets, Packet(2.5, bytes(10), 60)]))
    assert isinstance(lost, Lost)
    assert (lost.missing, lost.time) == (30, 1.7)
