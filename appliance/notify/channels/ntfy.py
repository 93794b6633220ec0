# SPDX-License-Identifier: GPL-2.0-or-later
"""ntfy, the public server or one's own (https://docs.ntfy.sh/publish/#publish-as-json)."""

import json
import secrets
from base64 import b64encode
from urllib.parse import quote, urlsplit

from appliance.events import Tell
from appliance.limits import NTFY_TOPIC_BYTES
from appliance.notify.channels.post import Answer, Unreachable, outcome, post
from appliance.notify.letter import Action, Letter, Outcome

PUBLIC = "https://ntfy.sh"
_PRIORITY = {Tell.NOBODY: 1, Tell.NOTICE: 2, Tell.ALERT: 4, Tell.URGENT: 5}
_TAGS = {Tell.ALERT: ["warning"], Tell.URGENT: ["rotating_light"]}


def new_topic() -> str:
    """Return a topic that nobody guesses: whoever knows it reads all."""
    return f"earwitness-{secrets.token_urlsafe(NTFY_TOPIC_BYTES).replace('_', 'x').replace('-', 'y')}"


class Ntfy:
    """Publishes to one topic of one server."""

    def __init__(self, topic: str, server: str = "", token: str = "") -> None:
        """Take the topic, the server's address (the public one by default) and an access token, if it wants one."""
        self._topic = topic
        self._server = server.rstrip("/") or PUBLIC
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def send(self, letter: Letter) -> Outcome:
        """Publish a letter. An update takes the place of the first by its sequence id (server 2.16 and later).

        A server that takes no picture, or none so large, gets the words alone.
        """
        try:
            answer = self._post_picture(letter, letter.picture) if letter.picture else None
            if answer is None or 400 <= answer.status < 500:
                answer = post(self._server, json.dumps(self._document(letter)).encode(), self._headers)
        except Unreachable as error:
            return Outcome(arrived=False, words=str(error))
        return outcome(urlsplit(self._server).hostname or "ntfy", answer)

    def _post_picture(self, letter: Letter, picture: bytes) -> Answer:
        """Publish a letter as what is said of a file (https://docs.ntfy.sh/publish/#attach-local-file)."""
        document = self._document(letter)
        said = {
            "X-Title": _header(letter.title),
            "X-Message": _header(letter.body),
            "X-Priority": str(document["priority"]),
            "X-Sequence-ID": letter.key,
            "X-Filename": "earwitness.png",
            **({"X-Click": letter.link} if letter.link else {}),
        }
        headers = self._headers | {"Content-Type": "image/png"} | said
        return post(f"{self._server}/{quote(self._topic, safe='')}", picture, headers)

    def _document(self, letter: Letter) -> dict[str, object]:
        document: dict[str, object] = {
            "topic": self._topic,
            "title": letter.title,
            "message": letter.body,
            "priority": 1 if letter.update else _PRIORITY[letter.tell],
            "tags": _TAGS.get(letter.tell, []),
            "sequence_id": letter.key,
            "actions": [_action(each) for each in letter.actions],
        }
        return document | ({"click": letter.link} if letter.link else {})


def _header(text: str) -> str:
    """Return text as a header may have it (RFC 2047); line ends stay."""
    return f"=?UTF-8?B?{b64encode(text.encode()).decode()}?="


def _action(action: Action) -> dict[str, object]:
    return {"action": "http", "label": action.label, "url": action.url, "method": "POST", "clear": True}
