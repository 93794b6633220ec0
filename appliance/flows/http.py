# SPDX-License-Identifier: GPL-2.0-or-later
"""The host that a plain HTTP request names (RFC 9112 sections 3 and 3.2)."""

import re

_REQUEST = re.compile(rb"(?:GET|POST|HEAD|PUT|OPTIONS|DELETE|PATCH|CONNECT|TRACE) [^\r\n]{1,8192} HTTP/1\.[01]\r\n")
_END = b"\r\n\r\n"
_HOST = re.compile(rb"\r\nhost:[ \t]*([^\r\n]{1,255})\r\n", re.IGNORECASE)


def is_request(data: bytes | memoryview) -> bool:
    """Say whether a request begins here."""
    return _REQUEST.match(data) is not None


def is_unfinished(data: bytes) -> bool:
    """Say whether the headers of the request that begins here go on behind what is there."""
    return is_request(data) and _END not in data


def host(data: bytes) -> str | None:
    """Return the Host header of the request that begins here, without a port; None if it is not there."""
    end = data.find(_END)
    found = _HOST.search(data, 0, end + 2 if end >= 0 else len(data)) if is_request(data) else None
    return found[1].decode("latin-1").strip().partition(":")[0] if found else None
