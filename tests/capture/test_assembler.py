# SPDX-License-Identifier: GPL-2.0-or-later
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.assembler import Assembler, Op, Program, TooLongError, attach
from appliance.limits import FILTER_INSTRUCTIONS


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A wire without a network; its right end takes filters."""
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    with left, right:
        yield left, right


def verdict(pair: tuple[socket.socket, socket.socket], program: Program, content: bytes) -> int:
    """Return how many bytes of ``content`` the kernel keeps by a program."""
    left, right = pair
    attach(right, program)
    left.send(content)
    try:
        return len(right.recv(1 << 16))
    except BlockingIOError:
        return 0


def picks(values: list[int], padding: int) -> Program:
    """Return a program that keeps i + 1 bytes if the first word is the i-th value, else one byte per value more."""
    code = Assembler()
    code.put(Op.LOAD_WORD, 0)
    for number, value in enumerate(values):
        code.jump(Op.IF_EQUAL, value, yes=f"value {number}")
    code.goto("none")
    for number in range(len(values)):
        for _ in range(padding):
            code.put(Op.ADD, 1)
        code.label(f"value {number}")
        code.put(Op.RETURN, number + 1)
    code.label("none")
    code.put(Op.RETURN, len(values) + 1)
    return code.program()


@given(values=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=200, unique=True), padding=st.integers(0, 15))
def test_jumps_go_where_their_label_stands(
    pair: tuple[socket.socket, socket.socket], values: list[int], padding: int
) -> None:
    """However far away a label is, the kernel goes there, and nowhere else."""
    program = picks(values, padding)
    for number in {0, len(values) // 2, len(values) - 1}:
        assert verdict(pair, program, values[number].to_bytes(4) + bytes(400)) == number + 1
    other = next(value for value in range(len(values) + 1) if value not in values)
    assert verdict(pair, program, other.to_bytes(4) + bytes(400)) == len(values) + 1


@given(before=st.integers(0, 600), behind=st.integers(0, 600), taken=st.booleans())
def test_both_ways_of_a_jump_may_be_far(
    pair: tuple[socket.socket, socket.socket], before: int, behind: int, *, taken: bool
) -> None:
    """A jump whose both targets are out of reach is right in both ways."""
    code = Assembler()
    code.put(Op.LOAD_WORD, 0)
    code.jump(Op.IF_AT_LEAST, 5, yes="yes", no="no")
    for _ in range(before):
        code.put(Op.RETURN, 1)
    code.label("no")
    code.put(Op.RETURN, 2)
    for _ in range(behind):
        code.put(Op.RETURN, 3)
    code.label("yes")
    code.put(Op.RETURN, 4)
    assert verdict(pair, code.program(), (5 if taken else 4).to_bytes(4)) == (4 if taken else 2)


def test_too_long_a_program_is_refused() -> None:
    """The kernel takes 4096 instructions; more is our own error."""
    code = Assembler()
    for _ in range(FILTER_INSTRUCTIONS):
        code.put(Op.RETURN, 0)
    assert len(code.program()) == FILTER_INSTRUCTIONS
    code.put(Op.RETURN, 0)
    with pytest.raises(TooLongError, match="4097 instructions"):
        code.program()
