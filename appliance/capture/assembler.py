# SPDX-License-Identifier: GPL-2.0-or-later
"""An assembler for classic BPF (Linux: Documentation/networking/filter.rst): labels in, a program of the kernel's out.

A conditional jump reaches 255 instructions. Where its target is further away, it jumps to a ``ja`` beside it, which
reaches any distance.
"""

import ctypes
import socket
from dataclasses import dataclass, replace
from enum import IntEnum
from struct import pack

from appliance.limits import FILTER_INSTRUCTIONS

_SHORT = 255
_SO_ATTACH_FILTER = 26
_INSTRUCTION = 8  # bytes


class Op(IntEnum):
    """Instructions, by their numbers in linux/filter.h. ``X`` is the index register; what has no X works on A."""

    LOAD_WORD = 0x20
    LOAD_HALF = 0x28
    LOAD_WORD_X = 0x40  #: at X + k
    LOAD_HALF_X = 0x48
    LOAD_BYTE_X = 0x50
    LOAD_LENGTH = 0x80
    LOAD_NUMBER = 0x00
    LOAD_MEMORY = 0x60
    STORE = 0x02
    SET_X = 0x01
    X_FROM_MEMORY = 0x61
    STORE_X = 0x03
    X_FROM_A = 0x07
    A_FROM_X = 0x87
    ADD = 0x04
    ADD_X = 0x0C
    AND = 0x54
    SHIFT_LEFT = 0x64
    SHIFT_RIGHT = 0x74
    GOTO = 0x05
    IF_EQUAL = 0x15
    IF_GREATER = 0x25
    IF_AT_LEAST = 0x35
    IF_AT_LEAST_X = 0x3D
    IF_BITS = 0x45
    RETURN = 0x06
    RETURN_A = 0x16


class TooLongError(ValueError):
    """A program of more instructions than the kernel takes."""


@dataclass(frozen=True, slots=True)
class Program:
    """A filter: the kernel keeps as many bytes of a frame as it returns, none for 0."""

    code: bytes  #: an array of ``struct sock_filter``

    def __len__(self) -> int:
        """Return the number of instructions."""
        return len(self.code) // _INSTRUCTION


@dataclass(slots=True)
class _Line:
    op: Op
    k: int = 0
    yes: str | None = None  # where a jump goes; None: on
    no: str | None = None
    yes_far: bool = False
    no_far: bool = False

    def size(self) -> int:
        return 1 + self.yes_far + self.no_far


class Assembler:
    """Collects instructions, then makes the program of them."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._labels: dict[str, int] = {}  # label → number of the line it stands before

    def put(self, op: Op, k: int = 0) -> None:
        """Add an instruction that is no jump."""
        self._lines.append(_Line(op, k))

    def jump(self, op: Op, k: int = 0, *, yes: str | None = None, no: str | None = None) -> None:
        """Add a conditional jump to labels that come later; where none is given it goes on behind the jump."""
        self._lines.append(_Line(op, k, yes, no))

    def goto(self, label: str) -> None:
        """Add a jump to a label that comes later."""
        self._lines.append(_Line(Op.GOTO, yes=label))

    def label(self, name: str) -> None:
        """Name the place of the next instruction."""
        self._labels[name] = len(self._lines)

    def program(self) -> Program:
        """Return the program; raises TooLongError."""
        lines = [replace(line) for line in self._lines]
        while self._stretch(lines, self._places(lines)):
            pass
        places = self._places(lines)
        if places[-1] > FILTER_INSTRUCTIONS:
            raise TooLongError(f"{places[-1]} instructions; the kernel takes {FILTER_INSTRUCTIONS}")
        return Program(b"".join(self._code(line, place, places) for line, place in zip(lines, places, strict=False)))

    def _places(self, lines: list[_Line]) -> list[int]:
        """Return where each line's instructions begin, and where the program ends."""
        places = [0]
        for line in lines:
            places.append(places[-1] + line.size())
        return places

    def _stretch(self, lines: list[_Line], places: list[int]) -> bool:
        """Give a ``ja`` to each conditional jump that does not reach; return whether there was any."""
        stretched = False
        for line, place in zip(lines, places, strict=False):
            if line.op is Op.GOTO:
                continue
            for side in ("yes", "no"):
                label, far = getattr(line, side), f"{side}_far"
                if label and not getattr(line, far) and places[self._labels[label]] - place - 1 > _SHORT:
                    setattr(line, far, True)
                    stretched = True
        return stretched

    def _code(self, line: _Line, place: int, places: list[int]) -> bytes:
        if line.op is Op.GOTO:
            return _instruction(Op.GOTO, k=self._distance(line.yes, place, place, places))
        code: list[bytes] = []
        reach: list[int] = []
        behind = place + line.size()
        for label, far in ((line.yes, line.yes_far), (line.no, line.no_far)):
            if far:
                reach.append(len(code))
                code.append(_instruction(Op.GOTO, k=self._distance(label, place + 1 + len(code), behind, places)))
            else:
                reach.append(self._distance(label, place, behind, places))
        return _instruction(line.op, reach[0], reach[1], line.k) + b"".join(code)

    def _distance(self, label: str | None, place: int, behind: int, places: list[int]) -> int:
        """Return how many instructions lie between the one at ``place`` and where it goes."""
        return (places[self._labels[label]] if label else behind) - place - 1


def _instruction(op: Op, yes: int = 0, no: int = 0, k: int = 0) -> bytes:
    return pack("=HBBI", op, yes, no, k)


def attach(sock: socket.socket, program: Program) -> None:
    """Filter what a socket receives; a filter that it had is replaced between two frames. Raises OSError.

    No privilege is needed. ENOMEM: the program, with the one before it, takes more than ``net.core.optmem_max``.
    """
    code = ctypes.create_string_buffer(program.code, len(program.code))
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, pack("@HP", len(program), ctypes.addressof(code)))
