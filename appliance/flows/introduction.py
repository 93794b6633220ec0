# SPDX-License-Identifier: GPL-2.0-or-later
"""How a TCP flow introduces itself: by the server name of its ClientHello or the Host of its first HTTP request."""

from appliance import limits
from appliance.flows import hello, http


class Introduction:
    """Collects a flow's first bytes until they name a host, or cannot any more."""

    __slots__ = ("_bytes", "_segments", "is_hello", "over", "protocol")

    def __init__(self) -> None:
        self.over = False  #: nothing more is to be expected
        self.is_hello = False  #: the flow begins with a ClientHello, so it began now
        self.protocol: str | None = None  #: how the flow is protected (``Greeting``), once that is known
        self._bytes = b""
        self._segments = 0

    def feed(self, data: bytes) -> str | None:
        """Take the next bytes in order; return the host once it is known."""
        self._bytes += data[: limits.HELLO_BYTES]
        self._segments += 1
        self.over = len(self._bytes) >= limits.HELLO_BYTES or self._segments >= limits.HELLO_SEGMENTS
        try:
            message = hello.handshake(self._bytes)
            self.is_hello = message[:1] == b"\x01"
            host = hello.server_name(message)
            self.protocol = hello.newest_version(message) if self.is_hello else None
        except hello.UnfinishedError:
            return None
        except hello.NotHelloError:
            host = http.host(self._bytes)
            if host is None and http.is_unfinished(self._bytes):
                return None
            self.protocol = "HTTP" if http.is_request(self._bytes) else None
        self.over = True
        return host
