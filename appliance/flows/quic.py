# SPDX-License-Identifier: GPL-2.0-or-later
"""The server name in the first datagrams of a QUIC flow.

Initial packets are encrypted with keys that anybody can derive; the drafts and Google's Q050 and T05x differ in the
salt alone. Google's older versions, up to Q046, send their hello in plain. A hello spread over several packets or
datagrams, in any order, is put together.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aioquic._buffer import Buffer

from appliance import limits
from appliance.flows import hello

if TYPE_CHECKING:
    from appliance.flows.initials import Initials

_DRAFT_23 = bytes.fromhex("c3eef712c72ebb5a11a7d2432bb46365bef9f502")  # to 28
_DRAFT_29 = bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899")  # to 32
_SALTS = {
    0x00000001: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
    0x6B3343CF: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),  # version 2
    **dict.fromkeys(range(0xFF000017, 0xFF00001D), _DRAFT_23),
    **dict.fromkeys(range(0xFF00001D, 0xFF000021), _DRAFT_29),
    0x51303530: bytes.fromhex("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45"),  # Q050
    0x54303530: bytes.fromhex("7ff579e5acd072915580304c43a2367c60488310"),  # T050
    0x54303531: bytes.fromhex("7a4edef4e7ccee5fa4506c19124fc8ccda6e033d"),  # T051
}
_PADDING, _PING, _ACK, _ACK_ECN, _CRYPTO, _GOOGLE_CRYPTO = 0, 1, 2, 3, 6, 8


class QuicIntroduction:
    """Reads a UDP flow's first datagrams until they name a host, or cannot any more."""

    __slots__ = ("_initials", "_pieces", "_tries", "is_hello", "over")

    def __init__(self) -> None:
        self.over = False  #: nothing more is to be expected
        self.is_hello = False  #: a client began the flow here
        self._tries = 0
        self._initials: Initials | None = None  #: opens the packets, once there is one
        self._pieces: dict[int, bytes] = {}

    @property
    def protocol(self) -> str | None:
        """How the flow is protected (``Greeting``), once that is known."""
        return "QUIC" if self.is_hello else None

    def feed(self, data: bytes) -> str | None:
        """Take the next upstream datagram; return the host once it is known."""
        self._tries += 1
        self.over = self._tries >= limits.QUIC_TRIES
        try:
            host = _plain_hello(data) if _is_plain(data) else self._encrypted(data)
        except hello.UnfinishedError:
            return None
        except ValueError:  # no hello, or a malformed packet
            return None
        self.is_hello = self.over = True
        return host

    def _encrypted(self, data: bytes) -> str | None:
        """Read the Initial packets of a datagram, and of those before it."""
        for body in self._opened(data):
            self._collect(body)
            self.is_hello = True
        message = self._joined()
        return _google_name(message) if message.startswith(b"CHLO") else hello.server_name(message)

    def _opened(self, data: bytes) -> Iterable[bytes]:
        """Return what the Initial packets of a datagram carry."""
        if self._initials is None:
            if not _is_known(data):
                return ()
            from appliance.flows.initials import Initials  # noqa: PLC0415 - with the first QUIC packet: it takes 1 MB

            self._initials = Initials(_SALTS)
        return self._initials.open(data)

    def _collect(self, body: bytes) -> None:
        """Keep what the CRYPTO frames of a packet carry (RFC 9000 section 19)."""
        buffer = Buffer(data=body)
        while not buffer.eof():
            kind = buffer.pull_uint_var()
            if kind == _PADDING:  # often hundreds of them
                buffer.seek(len(body) - len(body[buffer.tell() :].lstrip(b"\0")))
            elif kind in (_ACK, _ACK_ECN):
                _skip_ack(buffer, kind)
            elif kind in (_CRYPTO, _GOOGLE_CRYPTO):
                offset = buffer.pull_uint_var()
                piece = buffer.pull_bytes(buffer.pull_uint_var())
                if offset + len(piece) <= limits.HELLO_BYTES:
                    self._pieces[offset] = piece
            elif kind != _PING:
                break

    def _joined(self) -> bytes:
        """Return the beginning of the hello, as far as it is there."""
        message = b""
        for offset in sorted(self._pieces):
            if offset > len(message):
                break
            message += self._pieces[offset][len(message) - offset :]
        return message


def _skip_ack(buffer: Buffer, kind: int) -> None:
    """Pass over an ACK frame (RFC 9000 section 19.3)."""
    buffer.pull_uint_var()
    buffer.pull_uint_var()
    ranges = buffer.pull_uint_var()
    buffer.pull_uint_var()
    for _ in range(2 * ranges + (3 if kind == _ACK_ECN else 0)):
        buffer.pull_uint_var()  # ends by running out of bytes, if the count lies


def _is_known(data: bytes) -> bool:
    """Say whether a datagram begins with a long header (RFC 8999 section 5.1) of a version whose salt is known."""
    return data[:1] >= b"\x80" and int.from_bytes(data[1:5], "big") in _SALTS


def _is_plain(data: bytes) -> bool:
    """Say whether a datagram is of a Google version whose hello is in plain: Q0 and two digits up to Q046."""
    version = data[1:5] if data[:1] >= b"\x80" else data[9:13] if data[:1] and data[0] & 9 == 9 else b""
    return version[:2] == b"Q0" and version[2:].isdigit() and int(version[2:]) <= 46


def _plain_hello(data: bytes) -> str | None:
    """Return the server name of the hello in a plain datagram."""
    at = data.find(b"CHLO")
    if at < 0:
        raise hello.NotHelloError("a packet without a hello")
    return _google_name(data[at:])


def _google_name(message: bytes) -> str | None:
    """Return the server name in Google's hello: a table of four-letter tags, each with where its value ends."""
    count = int.from_bytes(message[4:6], "little")
    values = 8 + 8 * count
    begin = 0
    for at in range(8, min(values, len(message) - 7), 8):
        end = int.from_bytes(message[at + 4 : at + 8], "little")
        if message[at : at + 4] == b"SNI\0":
            if len(message) < values + end:
                raise hello.UnfinishedError
            return message[values + begin : values + end].decode("latin-1")
        begin = end
    if len(message) < values:
        raise hello.UnfinishedError
    return None
