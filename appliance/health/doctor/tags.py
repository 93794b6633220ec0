# SPDX-License-Identifier: GPL-2.0-or-later
"""The VLANs of frames that come in: the kernel takes their tag out of the frame and tells it beside (packet(7))."""

import socket
from struct import unpack_from
from types import TracebackType
from typing import Self

from appliance.capture.assembler import Assembler, Op, Program, attach

_SOL_PACKET, _AUXDATA, _IGNORE_OUTGOING, _EVERY_PROTOCOL = 263, 8, 23, 3
_TAG_PRESENT = 0xFFFFF000 + 48  # SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT of linux/filter.h
_TAG_AT = 16  # tp_vlan_tci of struct tpacket_auxdata
_IDS = 0xFFF
_AT_ONCE = 1000


class Tags:
    """Frames with a VLAN tag, of one interface; needs CAP_NET_RAW."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        try:
            attach(self._socket, _tagged())
            self._socket.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)
            self._socket.setsockopt(_SOL_PACKET, _AUXDATA, 1)
            self._socket.bind((interface, _EVERY_PROTOCOL))
        except BaseException:
            self._socket.close()
            raise

    def read(self) -> set[int]:
        """Return the numbers of the VLANs of frames that wait, of a thousand at most."""
        found: set[int] = set()
        for _ in range(_AT_ONCE):
            try:
                _, beside, _, _ = self._socket.recvmsg(1, 64)
            except OSError:  # no more wait, or the interface went down
                break
            found |= {unpack_from("H", data, _TAG_AT)[0] & _IDS for _, kind, data in beside if kind == _AUXDATA}
        return found

    def close(self) -> None:
        """Receive no more."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _tagged() -> Program:
    code = Assembler()
    code.put(Op.LOAD_WORD, _TAG_PRESENT)
    code.jump(Op.IF_EQUAL, 0, yes="plain")
    code.put(Op.RETURN, 1)
    code.label("plain")
    code.put(Op.RETURN, 0)
    return code.program()
