# SPDX-License-Identifier: GPL-2.0-or-later
import errno
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from appliance.certificates import _read, home_certificates, make_certificate
from appliance.limits import SATELLITE_ANSWER_BYTES
from appliance.satellites import hub as connecting
from appliance.satellites.codes import new_secret, read_code, write_code
from appliance.satellites.hub import Hub, HubError, join
from appliance.satellites.membership import Address
from tests.satellites.served import ServedHub


@pytest.fixture
def there(tmp_path: Path) -> Iterator[ServedHub]:
    with ServedHub(tmp_path) as there:
        yield there


def test_a_code_makes_a_satellite(there: ServedHub) -> None:
    """Whoever has the code is let in; its token opens the door, over one connection."""
    membership = there.pair("bedroom")
    assert (membership.name, membership.hub) == ("bedroom", there.address)
    assert membership.authority == there.certificates.ca_path.read_text()
    with closing(Hub(membership)) as hub:
        for _ in range(3):
            answer, exchange = hub.report(there.report(), time.monotonic)
            assert answer.boot == there.boot.id
            assert 0 <= exchange.trip < 5
        line = hub._line._connection.sock
        hub.report(there.report(), time.monotonic)
        assert hub._line._connection.sock is line


def test_a_code_of_another_hub(there: ServedHub, tmp_path: Path) -> None:
    """A hub that is not the code's is told nothing: not even the secret."""
    other = home_certificates(tmp_path / "other", [], [], time.time())
    secret = there.receiver.roster.invite(there.boot.id, there.receiver.now)
    with pytest.raises(HubError, match="is not the hub that the code is of"):
        join(there.address, read_code(write_code(secret, other.fingerprint)), "bedroom")
    assert there.pair("bedroom")  # the invitation was not touched, so this one could be made


def test_a_wrong_secret(there: ServedHub) -> None:
    """The hub says why, and nobody is let in."""
    there.invite()
    with pytest.raises(HubError, match="the code is not that of the hub's invitation"):
        join(there.address, read_code(write_code(new_secret(), there.certificates.fingerprint)), "bedroom")
    assert there.receiver.roster.satellites == ()


def test_another_hub_at_the_address(there: ServedHub, tmp_path: Path) -> None:
    """Where another answers, or one between, with certificates of its own, nothing is told."""
    membership = there.pair()
    there.away()
    there.certificates = home_certificates(tmp_path / "other", [], [], time.time())
    there.server = there.serve()
    before = len(there.reports)
    with closing(Hub(membership)) as hub, pytest.raises(HubError, match="another answers there"):
        hub.report(there.report(), time.monotonic)
    assert len(there.reports) == before


def test_a_certificate_of_the_authority_for_another_name(there: ServedHub) -> None:
    """It is the hub's name that counts, not merely who signed."""
    membership = there.pair()
    authority = _read(there.certificates.ca_path.parent / "authority.pem")
    assert authority is not None
    other = make_certificate(authority, [x509.DNSName("other.local")], time.time())
    key = other.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    there.certificates.chain_path.write_bytes(key + other.certificate.public_bytes(Encoding.PEM))
    there.away()
    there.server = there.serve()
    with closing(Hub(membership)) as hub, pytest.raises(HubError, match="another answers there"):
        hub.report(there.report(), time.monotonic)


def test_a_satellite_that_does_not_know_the_date(there: ServedHub, tmp_path: Path) -> None:
    """A certificate that is not good yet, or no more, is that of the hub all the same: tokens say who may come."""
    membership = there.pair()
    there.away()
    there.certificates = home_certificates(tmp_path / "certificates", [], [], time.time() + 3 * 365 * 86_400)
    there.server = there.serve()
    with closing(Hub(membership)) as hub:
        assert hub.report(there.report(), time.monotonic)[0].next == 1


def test_a_token_that_is_revoked(there: ServedHub) -> None:
    """The hub refuses it, in words, from the next report on; the error says that trying on is no use."""
    with closing(there.hub()) as hub:
        hub.report(there.report(), time.monotonic)
        there.receiver.roster.revoke("bedroom")
        with pytest.raises(HubError, match="does not know this satellite") as refused:
            hub.report(there.report(), time.monotonic)
    assert refused.value.refused


def test_a_hub_that_is_away_and_comes_back(there: ServedHub) -> None:
    """It does not answer, which is told; when it is back it is reached as before."""
    with closing(there.hub()) as hub:
        hub.report(there.report(), time.monotonic)
        there.away()
        hub.close()  # as the end of its connection does
        with pytest.raises(HubError, match="does not answer"):
            hub.report(there.report(), time.monotonic)
        there.server = there.serve()
        assert hub.report(there.report(), time.monotonic)[0].next == 1


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"", "makes no sense"),
        (200, b"{}", "makes no sense"),
        (200, b"x" * (SATELLITE_ANSWER_BYTES + 1), "without end"),
        (302, b"", "Found"),
        (500, b"\xff", "Internal Server Error"),
        (503, b'{"detail": "busy\\u001b[2J"}', r"busy\?\[2J"),
        (503, b"[" * 60_000, "Service Unavailable"),
    ],
)
def test_answers_that_make_no_sense(there: ServedHub, status: int, body: bytes, told: str) -> None:
    """Whatever comes is told in words that are safe to show, and is not taken for an answer."""
    with closing(there.hub()) as hub:
        there.instead = (status, body)
        with pytest.raises(HubError, match=told) as wrong:
            hub.report(there.report(), time.monotonic)
    assert not wrong.value.refused


def test_something_else_answers() -> None:
    """A port where nobody speaks TLS is told, and so is one where nobody is."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = Address(host="127.0.0.1", port=other.getsockname()[1])

        def greet() -> None:
            line, _ = other.accept()
            with line:
                line.sendall(b"220 mail\r\n")

        greeter = threading.Thread(target=greet)
        greeter.start()
        with pytest.raises(HubError, match="does not answer"):
            join(address, read_code("A" * 24), "bedroom")
        greeter.join()
    with pytest.raises(HubError, match="does not answer"):
        join(address, read_code("A" * 24), "bedroom")


def test_a_service_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where systemd forbids the network, it is told what to do about it."""
    monkeypatch.setattr(connecting, "create_connection", forbidden)
    with pytest.raises(HubError, match=r"may not use the network: see step 2 in docs/satellites\.md"):
        join(Address(host="127.0.0.1"), read_code("A" * 24), "bedroom")


def forbidden(*_: object) -> socket.socket:
    raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
