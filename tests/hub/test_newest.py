# SPDX-License-Identifier: GPL-2.0-or-later
import json
import ssl
from collections.abc import Callable
from pathlib import Path
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import __version__
from appliance.certificates import home_certificates
from appliance.household import Household
from appliance.hub.newest import Newest, _version
from tests.notify.receiver import Reaction, Receiver


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate, which is trusted here."""
    certificates = home_certificates(tmp_path / "tls", ("releases.local",), ("127.0.0.1",), time())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain_path, certificates.key_path)
    return context


@pytest.fixture
def household(tmp_path: Path) -> Household:
    household = Household(tmp_path / "household.json")
    household.change(updates={"ask": True})
    return household


@pytest.fixture
def asked(household: Household, tls: ssl.SSLContext) -> Callable[[bytes, int], tuple[str, list[str], Receiver]]:
    """Ask a server that answers so; return what came of it, what people were told, and the server."""

    def ask(body: bytes, status: int = 200) -> tuple[str, list[str], Receiver]:
        told: list[str] = []

        def tell(version: str) -> int:
            told.append(version)
            return 2

        with Receiver(lambda _number: Reaction(status, body=body), tls) as server:
            words = Newest({"us": f"{server.url}/newest.json"}, household, tell).ask()
        return words, told, server

    return ask


Asked = Callable[..., tuple[str, list[str], Receiver]]


def test_a_newer_version_is_told(asked: Asked) -> None:
    """By its number; and nothing is said of who asks."""
    words, told, server = asked(b'{"version": "9.9.9", "more": 1}')
    assert words == f"us: 9.9.9 is there, and this is {__version__}; 2 channels are told"
    assert told == ["9.9.9"]
    (request,) = server.requests
    assert request.path == "/newest.json"
    assert request.headers.keys() == {"Host"}
    assert request.body == b""


def test_what_is_not_newer_is_not_told(asked: Asked) -> None:
    """Neither the same nor an older one."""
    for version in (__version__.partition(".dev")[0], "0.0.1"):
        words, told, _ = asked(json.dumps({"version": version}).encode())
        assert words.startswith(f"us: {version} is the newest")
        assert told == []


@pytest.mark.parametrize("body", [b"", b"9.9.9", b'{"version": "<b>9.9.9"}', b'{"version": 9}', b"[" * 60_000, b"\xff"])
def test_anything_else_is_no_version(asked: Asked, body: bytes) -> None:
    """Whatever a server answers, people are told nothing of it."""
    words, told, _ = asked(body)
    assert (words, told) == ("us answered something else than a version", [])


def test_nobody_is_asked_unless_that_is_wanted(household: Household) -> None:
    """Off, or without an address, nothing leaves the house; and that nobody answers is said, and no failure."""
    nobody = {"us": "https://127.0.0.1:1/"}
    assert "nobody answers there" in Newest(nobody, household, lambda _version: 0).ask()
    assert "has an address" in Newest({}, household, lambda _version: 0).ask()
    household.change(updates={"ask": False})
    assert Newest(nobody, household, lambda _version: 0).ask().startswith("not wanted")
    assert not Household(household._path.with_name("other.json")).choices.updates.ask


documents = st.recursive(st.none() | st.text() | st.integers(), lambda each: st.dictionaries(st.just("version"), each))


@given(st.binary() | documents.map(json.dumps).map(str.encode))
def test_any_answer_is_read(answer: bytes) -> None:
    """Whatever it is, it is a version of three numbers or nothing."""
    version = _version(answer)
    assert version is None or len(version.split(".")) == 3
