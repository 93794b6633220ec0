# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages, scripts and data go over the wire as gzip where a browser takes it; files of ours are packed once."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from appliance.limits import PACKED_FILES, PACKS_BYTES

#: What is worth packing; fonts and pictures are packed already, and streams must not wait.
_KINDS = {
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
}
_LEVEL = 6


def compress(app: Flask) -> None:
    """See to it that answers of ``app`` are packed."""
    app.after_request(_packed)


def _packed(answer: Response) -> Response:
    streamed = answer.is_streamed and not answer.direct_passthrough
    if streamed or answer.mimetype not in _KINDS or answer.status_code != 200:
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or "Content-Encoding" in answer.headers:
        return answer
    kept, (name, _) = answer.direct_passthrough, answer.get_etag()
    answer.direct_passthrough = False
    content = answer.get_data()
    if len(content) >= PACKS_BYTES:
        answer.set_data(_once(content) if kept else gzip.compress(content, _LEVEL))
        answer.headers["Content-Encoding"] = "gzip"
        if name:
            answer.set_etag(name, weak=True)
    return answer


@lru_cache(PACKED_FILES)
def _once(content: bytes) -> bytes:
    return gzip.compress(content, 9)
