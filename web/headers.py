# SPDX-License-Identifier: GPL-2.0-or-later
"""The headers that tell a browser what a page of ours may do: nothing but what it needs, and with nobody else."""

from flask import Flask, Response

#: Scripts, styles, pictures and data from the hub alone; no inline code; text never becomes code (Trusted Types); in no
#: other page's frame.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "connect", "font", "manifest", "worker")),
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types app",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers would not say where a form comes from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def keep_headers(app: Flask) -> None:
    """See to it that every answer has them."""
    app.after_request(_protected)


def _protected(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"  # what is private stays in no browser's cache
    return answer
