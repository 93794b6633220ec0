# SPDX-License-Identifier: GPL-2.0-or-later
"""A webhook: each letter as JSON to an address of the owner's, for everything that has no channel of its own."""

import hashlib
import hmac
import json
from urllib.parse import urlsplit

from appliance import __version__
from appliance.notify.channels.post import Unreachable, outcome, post
from appliance.notify.letter import Letter, Outcome

#: The header with the signature: "sha256=" and the HMAC of the body (RFC 2104) under the channel's secret, in hex.
SIGNATURE = "X-Earwitness-Signature"


class Webhook:
    """Posts to one address; signs what it posts if there is a secret."""

    def __init__(self, url: str, secret: str = "") -> None:
        self._url = url
        self._secret = secret.encode()

    def send(self, letter: Letter) -> Outcome:
        """Post a letter; docs/alerts.md describes its fields."""
        body = json.dumps(letter.document(), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "User-Agent": f"Earwitness/{__version__}"}
        if self._secret:
            headers[SIGNATURE] = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        try:
            answer = post(self._url, body, headers)
        except Unreachable as error:
            return Outcome(arrived=False, words=str(error))
        return outcome(urlsplit(self._url).hostname or "the webhook", answer)
