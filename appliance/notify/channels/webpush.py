# SPDX-License-Identifier: GPL-2.0-or-later
"""Web Push: a browser that asked to be told, through its maker's relay, which cannot read what it carries.

RFC 8030 (the request), 8188 and 8291 (what seals it for that browser alone), 8292 (who asks), and the declarative form
of the W3C's Push API, which Safari shows by itself; web/static/js/worker.js shows it elsewhere.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b, sha256
from threading import Lock
from time import time
from urllib.parse import urljoin, urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from appliance.events import Tell
from appliance.household import Secrets
from appliance.limits import (
    VAPID_S,
    WEB_PUSH_ACTIONS,
    WEB_PUSH_CHARACTERS,
    WEB_PUSH_ID_BYTES,
    WEB_PUSH_SALT_BYTES,
    WEB_PUSH_TITLE_CHARACTERS,
    WEB_PUSH_TOPIC_BYTES,
    WEB_PUSH_TTL_S,
)
from appliance.notify.channels.post import Unreachable, outcome, post
from appliance.notify.letter import Letter, Outcome

#: The name of the channels' kind, with which their ids begin.
WEB_PUSH = "webpush"
#: What stands where a relay looks for whom to write to (RFC 8292, 2.1), if the owner gave no address: nobody.
_NOBODY = "https://earwitness.local"
#: Under what name the household's own key lies among the secrets.
_KEPT_AS = "vapid"
_CURVE = ec.SECP256R1()
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class WebPush:
    """Sends to one browser."""

    endpoint: str  #: its address at its relay
    p256dh: str  #: its public key
    auth: str  #: what it shares with us
    key: str  #: our own key, under which it asked
    page: str  #: where it has this house's pages: "https://earwitness.local/"
    contact: str = ""  #: whom its relay may write to, if the owner wants that

    def send(self, letter: Letter) -> Outcome:
        """Seal a letter and hand it to the relay; a newer one of the same key takes its place there, too."""
        relay = urlsplit(self.endpoint)
        headers = {
            **self._signature(f"{relay.scheme}://{relay.netloc}"),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(WEB_PUSH_TTL_S),
            "Urgency": "high" if letter.tell in {Tell.ALERT, Tell.URGENT} and not letter.update else "normal",
            "Topic": _text(blake2b(letter.key.encode(), digest_size=WEB_PUSH_TOPIC_BYTES).digest()),
        }
        try:
            answer = post(self.endpoint, self._sealed(declared(letter, self.page)), headers)
        except Unreachable as error:
            return Outcome(arrived=False, words=str(error))
        if answer.status in {404, 410}:
            words = f"this browser is told nothing any more ({answer.status}): remove it, or let it ask anew"
            return Outcome(arrived=False, words=words, final=True)
        told = outcome(relay.netloc, answer)
        if answer.status == 403 and not self.contact:
            hint = "some relays want an address to write to, which the page Alerts asks for"
            told = replace(told, words=f"{told.words}; {hint}")
        return told

    def _sealed(self, message: bytes) -> bytes:
        own, salt = ec.generate_private_key(_CURVE), os.urandom(WEB_PUSH_SALT_BYTES)
        theirs, shared = _bytes(self.p256dh), _bytes(self.auth)
        return bytes(http_ece.encrypt(message, salt=salt, private_key=own, dh=theirs, auth_secret=shared))

    def _signature(self, relay: str) -> dict[str, str]:
        who = f"mailto:{self.contact}" if self.contact else _NOBODY
        claims = {"aud": relay, "sub": who, "exp": int(time()) + VAPID_S}
        return dict(Vapid02.from_raw(self.key.encode()).sign(claims))


def web_push(said: Mapping[str, str]) -> WebPush:
    """Return what sends to the browser that ``said`` this. Raises ValueError, in words, if it cannot be one."""
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(said["p256dh"]))
        if point and len(_bytes(said["auth"])) == 16 and said["endpoint"].startswith("https://") and said["key"]:
            known = {name: said[name] for name in ("endpoint", "p256dh", "auth", "key", "page")}
            return WebPush(**known, contact=said.get("contact", ""))
    except (KeyError, ValueError):
        pass
    raise ValueError("only a browser itself can ask to be told, by the button on the page Alerts") from None


def declared(letter: Letter, page: str) -> bytes:
    """Return a letter in the declarative form. Its links lead where this browser has its pages."""
    notification = {
        "title": letter.title[:WEB_PUSH_TITLE_CHARACTERS],
        "body": letter.body[:WEB_PUSH_CHARACTERS],
        "navigate": _there(letter.link or page, page),
        "tag": letter.key,
        "silent": letter.update,
        "renotify": not letter.update,
        "actions": [
            {"action": str(place), "title": each.label, "navigate": _there(each.url, page)}
            for place, each in enumerate(letter.actions[:WEB_PUSH_ACTIONS])
        ],
    }
    return json.dumps({"web_push": 8030, "notification": notification}, ensure_ascii=False).encode()


def channel_id(endpoint: str) -> str:
    """Return the channel's id of the browser with that address; web/static/js/push.js makes the same."""
    return f"{WEB_PUSH}-{sha256(endpoint.encode()).digest()[:WEB_PUSH_ID_BYTES].hex()}"


def own_key(secrets: Secrets) -> str:
    """Return the household's own key, which is made when it is needed first. Raises OSError if it cannot be kept."""
    with _one_at_a_time:
        key = secrets.of(_KEPT_AS).get("key", "")
        if not key:
            number = ec.generate_private_key(_CURVE).private_numbers().private_value
            key = _text(number.to_bytes(32, "big"))
            secrets.put(_KEPT_AS, {"key": key})
        return key


def public(key: str) -> str:
    """Return the public part of a key of our own, as browsers want it."""
    private = ec.derive_private_key(int.from_bytes(_bytes(key), "big"), _CURVE)
    return _text(private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _there(url: str, page: str) -> str:
    return urljoin(page, urlsplit(url).path)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
