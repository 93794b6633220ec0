# SPDX-License-Identifier: GPL-2.0-or-later
import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import time

import http_ece
import py_vapid.jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from appliance.certificates import home_certificates
from appliance.events import Tell
from appliance.household import Secrets
from appliance.notify.channels.webpush import WebPush, channel_id, own_key, public, web_push
from appliance.notify.letter import Action, Letter
from tests.notify.receiver import Reaction, Receiver

#: RFC 8291, appendix A: what is sent, by whom with which salt, to whom, and what goes over the wire.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
PAGE = "https://earwitness.local/"
MODULE = "appliance.notify.channels.webpush"
LETTER = Letter(
    "upload-412",
    "Kitchen Echo sent 61 kB at 14:02",
    "People talked, nobody said its name.",
    Tell.ALERT,
    link="http://192.168.1.7/uploads/412",
    actions=(Action("Seen", "http://192.168.1.7/errands/abc"), Action("Mute", "/errands/def"), Action("More", "/x")),
)


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(body: bytes) -> bytes:
    """Return what the browser reads in a sealed message."""
    return bytes(http_ece.decrypt(body, private_key=key_of(BROWSER), auth_secret=raw(AUTH)))


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A relay's certificate, which is trusted here."""
    certificates = home_certificates(tmp_path / "tls", ("earwitness.local",), ("127.0.0.1",), time())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain_path, certificates.key_path)
    return context


@pytest.fixture
def relay(tls: ssl.SSLContext) -> Iterator[Receiver]:
    """A relay that takes everything."""
    with Receiver(lambda _number: Reaction(201), tls) as relay:
        yield relay


def browser(url: str, key: str = SENDER) -> WebPush:
    return web_push({"endpoint": f"{url}/push/abc", "p256dh": P256DH, "auth": AUTH, "key": key, "page": PAGE})


def test_it_is_sealed_as_the_standard_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the key and the salt of RFC 8291's appendix A its message comes out, byte for byte; and can be opened."""
    monkeypatch.setattr(f"{MODULE}.ec.generate_private_key", lambda *_: key_of(SENDER))
    monkeypatch.setattr(f"{MODULE}.os.urandom", lambda _: raw(SALT))
    sealed = browser("https://relay.example")._sealed(PLAIN)
    assert sealed == raw(SEALED)
    assert opened(sealed) == PLAIN


def test_a_letter_is_declared(relay: Receiver) -> None:
    """The browser reads the declarative form, with links to where it has its pages; the relay nothing but headers."""
    told = browser(relay.url).send(LETTER)
    assert (told.arrived, told.words) == (True, f"{relay.url.removeprefix('https://')} took it (201)")
    (request,) = relay.requests
    assert json.loads(opened(request.body)) == {
        "web_push": 8030,
        "notification": {
            "title": LETTER.title,
            "body": LETTER.body,
            "navigate": "https://earwitness.local/uploads/412",
            "tag": "upload-412",
            "silent": False,
            "renotify": True,
            "actions": [
                {"action": "0", "title": "Seen", "navigate": "https://earwitness.local/errands/abc"},
                {"action": "1", "title": "Mute", "navigate": "https://earwitness.local/errands/def"},
            ],
        },
    }
    headers = request.headers
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "3600", "high")
    assert b"Echo" not in request.body
    assert "412" not in str(headers)


def test_an_update_has_the_topic_of_the_first(relay: Receiver) -> None:
    """It takes the first one's place at the relay and in the browser, and makes no noise; another letter does not."""
    for letter in (
        LETTER,
        Letter("upload-412", "T", "B", Tell.ALERT, update=True),
        Letter("k/ü", "T", "B", Tell.NOTICE),
    ):
        assert browser(relay.url).send(letter).arrived
    topics = [request.headers["Topic"] for request in relay.requests]
    assert topics[0] == topics[1] != topics[2]
    assert all(len(topic) == 32 and topic.replace("-", "").replace("_", "").isalnum() for topic in topics)
    assert [request.headers["Urgency"] for request in relay.requests] == ["high", "normal", "normal"]
    updated = json.loads(opened(relay.requests[1].body))["notification"]
    assert (updated["silent"], updated["renotify"], updated["navigate"]) == (True, False, PAGE)


def test_the_relay_knows_who_asks(relay: Receiver, tmp_path: Path) -> None:
    """The request is signed by the household's own key, for this relay, for half a day (RFC 8292)."""
    key = own_key(Secrets(tmp_path / "hub" / "secrets.json"))
    assert browser(relay.url, key).send(LETTER).arrived
    kind, _, said = relay.requests[0].headers["Authorization"].partition(" ")
    parts = dict(each.split("=", 1) for each in said.split(","))
    assert (kind, parts["k"]) == ("vapid", public(key))
    claims = py_vapid.jwt.decode(parts["t"], parts["k"])
    assert claims["aud"] == relay.url
    assert claims["sub"] == "https://earwitness.local"
    assert 11 * 3600 < claims["exp"] - time() <= 12 * 3600


def test_the_relay_is_told_whom_to_write_to(tls: ssl.SSLContext) -> None:
    """If the owner gave an address; where a relay refuses and there is none, that is hinted at."""
    with Receiver(lambda _number: Reaction(403, body=b"BadJwtToken"), tls) as relay:
        refused = browser(relay.url).send(LETTER)
        told = replace(browser(relay.url), contact="ada@example.org").send(LETTER)
        said = dict(each.split("=", 1) for each in relay.requests[1].headers["Authorization"][6:].split(","))
    assert "BadJwtToken; some relays want an address" in refused.words
    assert told.words.endswith("BadJwtToken")
    assert py_vapid.jwt.decode(said["t"], said["k"])["sub"] == "mailto:ada@example.org"


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Browsers asked under it: another would shut them out. Nobody else can read it."""
    secrets = Secrets(tmp_path / "hub" / "secrets.json")
    assert own_key(secrets) == own_key(secrets)
    assert (tmp_path / "hub" / "secrets.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_never_tried_again(tls: ssl.SSLContext, status: int) -> None:
    """The relay says that nobody is there any more, and the owner is told in words."""
    with Receiver(lambda _number: Reaction(status), tls) as relay:
        told = browser(relay.url).send(LETTER)
    assert (told.arrived, told.final) == (False, True)
    assert "this browser is told nothing any more" in told.words


def test_a_relay_may_ask_for_patience(tls: ssl.SSLContext) -> None:
    """Too many requests mean later, when it says; where it leads to nobody follows."""
    answers = [Reaction(429, {"Retry-After": "77"}), Reaction(307, {"Location": "https://192.168.1.1/"})]
    with Receiver(answers.__getitem__, tls) as relay:
        later, moved = browser(relay.url).send(LETTER), browser(relay.url).send(LETTER)
        assert len(relay.requests) == 2
    assert (later.arrived, later.final, later.retry_after) == (False, False, 77.0)
    assert (moved.arrived, moved.final) == (False, True)


def test_the_longest_letter_fits(relay: Receiver) -> None:
    """Relays take 4,096 bytes: what is longer is cut, whatever script it is in."""
    actions = tuple(Action("\N{OWL}" * 20, f"/errands/{'x' * 40}") for _ in range(3))
    assert (
        browser(relay.url)
        .send(Letter("k" * 40, "\N{OWL}" * 999, "\N{OWL}" * 9999, Tell.ALERT, actions=actions))
        .arrived
    )
    assert len(relay.requests[0].body) <= 4096


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "http://relay.example/x"),
        ("p256dh", P256DH[:-4]),
        ("p256dh", urlsafe_b64encode(b"\x04" + b"\1" * 64).decode()),
        ("p256dh", "ü"),
        ("auth", "AAAA"),
        ("key", ""),
    ],
)
def test_what_no_browser_says_is_refused(name: str, value: str) -> None:
    """A key that is no point of the curve, a way that is not encrypted: nothing could ever be sent there."""
    right = {"endpoint": "https://relay.example/x", "p256dh": P256DH, "auth": AUTH, "key": SENDER, "page": PAGE}
    web_push(right)
    with pytest.raises(ValueError, match="only a browser itself"):
        web_push({**right, name: value})


@given(st.dictionaries(st.sampled_from(["endpoint", "p256dh", "auth", "key", "page"]), st.text()))
def test_anything_may_be_said(said: dict[str, str]) -> None:
    """Whatever comes in place of a browser's words is refused in words."""
    with pytest.raises(ValueError, match="only a browser itself"):
        web_push(said)


def test_a_browser_has_one_channel() -> None:
    """The id comes of its address: who asks twice is told once."""
    assert channel_id("https://a.example/x") == channel_id("https://a.example/x") != channel_id("https://a.example/y")
    assert channel_id("https://a.example/x").startswith("webpush-")
