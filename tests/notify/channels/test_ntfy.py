# SPDX-License-Identifier: GPL-2.0-or-later
import json
from dataclasses import replace
from email.header import decode_header, make_header
from typing import Any

from appliance.events import Tell
from appliance.notify.channels.ntfy import Ntfy, new_topic
from appliance.notify.letter import Action, Letter
from tests.notify.receiver import Reaction, Receiver

LETTER = Letter("k1", "Küche sent 61 kB", "Nobody said a word.", Tell.URGENT, link="https://earwitness.local/uploads/1")


def published(letter: Letter) -> dict[str, Any]:
    with Receiver() as receiver:
        assert Ntfy("secret", receiver.url + "/", "tk_1").send(letter).arrived
        (request,) = receiver.requests
    assert request.headers["Authorization"] == "Bearer tk_1"
    found = json.loads(request.body)
    assert isinstance(found, dict)
    return found


def test_a_letter_is_published() -> None:
    """Topic, words, loudness, link and the key that names it are in the document."""
    found = published(LETTER)
    assert found["topic"] == "secret"
    assert (found["title"], found["message"], found["priority"]) == (LETTER.title, LETTER.body, 5)
    assert (found["click"], found["sequence_id"]) == (LETTER.link, "k1")


def test_an_update_makes_no_noise() -> None:
    """It has the key of the first, and the lowest priority."""
    found = published(replace(LETTER, update=True))
    assert (found["priority"], found["sequence_id"]) == (1, "k1")


def test_actions_are_buttons() -> None:
    """Each asks for its address by POST, and clears the message."""
    (button,) = published(replace(LETTER, actions=(Action("Mute 1 h", "https://h/a"),)))["actions"]
    assert (button["action"], button["method"], button["url"], button["clear"]) == ("http", "POST", "https://h/a", True)


def test_a_refusal_is_told_in_its_words() -> None:
    """What the server answers is what the owner reads."""
    with Receiver(lambda _n: Reaction(403, body=b"forbidden")) as receiver:
        told = Ntfy("t", receiver.url).send(LETTER)
    assert (told.arrived, told.final, told.words) == (False, True, "127.0.0.1 answered 403: forbidden")


def test_topics_cannot_be_guessed() -> None:
    """Each is new, long, and of characters that ntfy takes."""
    topics = {new_topic() for _ in range(50)}
    assert len(topics) == 50
    assert all(len(topic) >= 30 and topic.replace("-", "").isalnum() for topic in topics)


def test_a_picture_goes_with_the_words() -> None:
    """As an attachment of the same message, in whatever letters its words are."""
    with Receiver() as receiver:
        assert Ntfy("secret", receiver.url, "tk_1").send(replace(LETTER, body="Eins.\nZwei €.", picture=b"png")).arrived
        (request,) = receiver.requests
    assert (request.path, request.body) == ("/secret", b"png")
    said = {name: str(make_header(decode_header(value))) for name, value in request.headers.items()}
    assert (said["X-Title"], said["X-Message"]) == (LETTER.title, "Eins.\nZwei €.")
    assert (said["X-Sequence-ID"], said["X-Filename"], said["X-Click"]) == ("k1", "earwitness.png", LETTER.link)
    assert request.headers["Authorization"] == "Bearer tk_1"


def test_a_server_that_takes_no_pictures_gets_the_words() -> None:
    """It says no to the picture; the message arrives all the same, once."""
    with Receiver(lambda number: Reaction(413 if number == 0 else 200)) as receiver:
        assert Ntfy("secret", receiver.url).send(replace(LETTER, picture=b"png")).arrived
        _, second = receiver.requests
    assert json.loads(second.body)["message"] == LETTER.body
