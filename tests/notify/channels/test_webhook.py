# SPDX-License-Identifier: GPL-2.0-or-later
import hashlib
import hmac
import json
import re
from pathlib import Path

from appliance.events import Tell
from appliance.notify.channels.webhook import SIGNATURE, Webhook
from appliance.notify.letter import Letter
from tests.notify.receiver import Receiver

LETTER = Letter("k1", "Title", "Body", Tell.ALERT)


def test_a_letter_is_posted_as_json() -> None:
    """All that a letter says is in it."""
    with Receiver() as receiver:
        assert Webhook(f"{receiver.url}/hook").send(LETTER).arrived
        (request,) = receiver.requests
    assert json.loads(request.body) == {
        "key": "k1",
        "title": "Title",
        "body": "Body",
        "tell": "alert",
        "update": False,
        "link": None,
    }
    assert SIGNATURE not in request.headers


def test_a_secret_signs_it() -> None:
    """Whoever shares the secret can tell that it is from us."""
    with Receiver() as receiver:
        Webhook(receiver.url, "hush").send(LETTER)
        (request,) = receiver.requests
    assert request.headers[SIGNATURE] == f"sha256={hmac.new(b'hush', request.body, hashlib.sha256).hexdigest()}"


def test_nobody_there_is_told() -> None:
    """A letter that nobody took did not arrive, and is tried again."""
    told = Webhook("http://127.0.0.1:1/").send(LETTER)
    assert (told.arrived, told.final) == (False, False)


def test_its_documentation_has_the_very_fields(root: Path) -> None:
    """The example in docs/alerts.md is what a receiver gets."""
    (example,) = re.findall(r"```json\n(.*?)```", (root / "docs" / "alerts.md").read_text(), re.DOTALL)
    assert json.loads(example).keys() == LETTER.document().keys()
