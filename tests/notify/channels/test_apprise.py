# SPDX-License-Identifier: GPL-2.0-or-later
import base64
import json
from dataclasses import replace

import pytest

from appliance.events import Tell
from appliance.notify.channels import apprise
from appliance.notify.channels.apprise import Apprise
from appliance.notify.letter import Letter
from tests.notify.receiver import Reaction, Receiver

LETTER = Letter("k1", "Kitchen Echo; sent, 61 kB", "Nobody said a word.", Tell.URGENT, link="https://e.local/uploads/1")


def test_apprise_sends_a_letter() -> None:
    """Through one of its own services the words arrive whole, with the link."""
    with Receiver() as receiver:
        told = Apprise(receiver.url.replace("http://", "json://")).send(LETTER)
        (request,) = receiver.wait(1)
    assert told.arrived, told.words
    found = json.loads(request.body)
    assert (found["title"], found["message"]) == (LETTER.title, f"{LETTER.body}\n{LETTER.link}")
    assert found["type"] == "failure"


def test_a_failure_is_told_in_its_words() -> None:
    """What the service answers reaches the owner; a server's trouble is tried again."""
    with Receiver(lambda _n: Reaction(500)) as receiver:
        told = Apprise(receiver.url.replace("http://", "json://")).send(LETTER)
    assert (told.arrived, told.final) == (False, False)
    assert "500" in told.words or "Internal" in told.words


def test_an_address_that_is_none_is_final() -> None:
    """What Apprise does not understand is never tried again."""
    told = Apprise("nonsense://").send(LETTER)
    assert (told.arrived, told.final) == (False, True)
    assert "does not understand" in told.words


def test_a_service_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is given its time, and no more."""
    monkeypatch.setattr(apprise, "APPRISE_S", 0.05)
    told = Apprise("json://127.0.0.1:1/").send(LETTER)
    assert (told.arrived, told.final) == (False, False)
    assert "no answer within" in told.words


def test_it_is_given_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in our environment, a proxy say, does not lead its letters elsewhere."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Receiver() as receiver:
        told = Apprise(receiver.url.replace("http://", "json://")).send(LETTER)
    assert told.arrived, told.words


def test_a_picture_goes_along_where_it_can() -> None:
    """A service that takes files gets it, from memory; one that does not gets the words."""
    letter = replace(LETTER, picture=b"\x89PNG\r\n\x1a\nand so on")
    with Receiver() as receiver:
        assert Apprise(receiver.url.replace("http://", "json://")).send(letter).arrived
        assert Apprise(receiver.url.replace("http://", "gotify://") + "/token").send(letter).arrived
        with_file, without = receiver.wait(2)
    (file,) = json.loads(with_file.body)["attachments"]
    assert (file["filename"], base64.b64decode(file["base64"])) == ("earwitness.png", letter.picture)
    assert LETTER.body in json.loads(without.body)["message"]
