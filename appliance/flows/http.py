# SPDX-License-Identifier: GPL-2.0-or-later
"""The host that a plain HTTP request names (RFC 9112 sections 3 and 3.2)."""

import re

_REQUEST = re.compile(rb"(?:GET|POST|HEAD|PUT|OPTIONS|DELETE|PATCH|CONNECT|TRACE) [^\r\n]{1,8192} HTTP/1\.[01]\r\n")
_HOST = re.compile(rb"\r\nhost:[ \t]*([^\r\n]{1,255})", re.IGNORECASE)


def is_request(data: bytes | memoryview) -> bool:
    """Say whether a request begins here."""
    return _REQUEST.match(data) is not None


def host(data: bytes) -> str | None:
    """Return the Host header of the request that begins here, without a port; None if there is none."""
    found = _HOST.search(data.partition(b"\r\n\r\n")[0]) if is_request(data) else None
    return found[1].decode("latin-1").strip().partition(":")[0] if found else None
