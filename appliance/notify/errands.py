# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be done from a message itself: a link that works once, for whoever got the message, without logging in."""

import base64
import hmac
import struct
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from secrets import token_bytes

from appliance.household import Secrets
from appliance.limits import ERRAND_KEY_BYTES, ERRAND_SEAL_BYTES
from appliance.notify.message import Message

_HEAD = struct.Struct(">QB")
#: Under what name the key lies among the secrets.
_KEPT_AS = "errands"


class Wish(IntEnum):
    """What is asked for."""

    SEEN = 1  #: somebody has seen the message
    HUSH_HOUR = 2  #: nothing of this speaker for an hour
    HUSH_DAY = 3  #: nothing of this speaker till tomorrow


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done about one message."""

    message: int
    wish: Wish


class Seal:
    """Makes links that nobody else can make, and reads them."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def link(self, errand: Errand) -> str:
        """Return what stands at the end of the link."""
        head = _HEAD.pack(errand.message, errand.wish)
        return base64.urlsafe_b64encode(head + self._stamp(head)).decode().rstrip("=")

    def read(self, link: str) -> Errand | None:
        """Return the errand in a link; None if it is not one of ours."""
        try:
            raw = base64.urlsafe_b64decode(link.encode("ascii") + b"=" * (-len(link) % 4))
            message, wish = _HEAD.unpack(raw[: _HEAD.size])
            errand = Errand(message, Wish(wish))
        except (ValueError, struct.error):
            return None
        return errand if hmac.compare_digest(self.link(errand), link) else None

    def _stamp(self, head: bytes) -> bytes:
        return hmac.new(self._key, head, sha256).digest()[:ERRAND_SEAL_BYTES]


def open_seal(secrets: Secrets) -> Seal:
    """Return the household's seal; its key is made when it is needed first. Raises OSError if it cannot be kept."""
    key = secrets.of(_KEPT_AS).get("key", "")
    if len(key) != 2 * ERRAND_KEY_BYTES:
        key = token_bytes(ERRAND_KEY_BYTES).hex()
        secrets.put(_KEPT_AS, {"key": key})
    return Seal(bytes.fromhex(key))


def done_with(message: Message | None) -> bool:
    """Whether the links of a message work no more: somebody used one, or it is gone."""
    return message is None or message.acknowledged
