# SPDX-License-Identifier: GPL-2.0-or-later
"""Which known codec a beat belongs to; it names the codec, the alarm never depends on it."""

from collections.abc import Iterable

from appliance.rules import UploadRules
from appliance.uploads.hit import Hit


def signature(hits: Iterable[Hit], rules: UploadRules) -> str | None:
    """Return the id of the signature whose record length and beat one of ``hits`` kept, None if no one's."""
    for hit in hits:
        if hit.length is not None and hit.beat is not None:
            mark = rules.signature(hit.length, hit.beat)
            if mark is not None:
                return mark.id
    return None
