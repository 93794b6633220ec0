# SPDX-License-Identifier: GPL-2.0-or-later
"""Text that a device says of itself, made safe to keep and to show."""

import unicodedata

from appliance.limits import SIGHTING_CHARS


def clean_text(raw: bytes | str) -> str:
    """Return ``raw`` as text of a bounded length; what controls a terminal or turns text around becomes U+FFFD."""
    text = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
    return "".join(
        "\ufffd" if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029" else char
        for char in text[:SIGHTING_CHARS]
    ).strip()
