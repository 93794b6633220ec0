# SPDX-License-Identifier: GPL-2.0-or-later
"""The web on real sockets."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection

import pytest
from flask import Flask

from appliance.certificates import HUB_NAME
from appliance.settings import Https, WebSettings
from tests.network import Namespace
from tests.web.conftest import OWNER
from web.access import Access, access
from web.app import create_app
from web.house import House
from web.server import WebServer, the_certificates

PATIENCE_S = 60.0


def free_port() -> int:
    with closing(socket.socket()) as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
        assert isinstance(port, int)
        return port


def eventually(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def served(house: House) -> House:
    """A house with free ports for its web."""
    web = WebSettings.model_validate({"address": "127.0.0.1", "port": free_port(), "https_port": free_port()})
    return replace(house, settings=house.settings.model_copy(update={"web": web}))


@contextmanager
def serving(house: House) -> Iterator[tuple[WebServer, Flask]]:
    app = create_app(house)
    server = WebServer(app, house)
    server.start()
    try:
        yield server, app
    finally:
        server.close()


def plain(house: House) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", house.settings.web.port, timeout=PATIENCE_S)


def encrypted(house: House) -> HTTPSConnection:
    """Connect as a phone does that trusts the home's authority, and nobody else."""
    context = ssl.create_default_context(cafile=str(the_certificates(house).ca_path))
    return HTTPSConnection("127.0.0.1", house.settings.web.https_port, timeout=PATIENCE_S, context=context)


def answered(connection: HTTPConnection, page: str = "/login", **headers: str) -> HTTPResponse:
    """Ask as soon as it is served."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.request("GET", page, headers=headers)
            return connection.getresponse()
        except ConnectionRefusedError:
            connection.close()
            assert time.monotonic() < end
            time.sleep(0.01)


def test_it_is_served_plain_and_encrypted(served: House) -> None:
    """Both ports answer; the encrypted one with a certificate of the home's own authority, for its address and name."""
    with serving(served) as (server, _):
        with closing(plain(served)) as connection:
            answer = answered(connection)
            assert (answer.status, answer.headers["Server"]) == (200, "Earwitness")
        with closing(encrypted(served)) as connection:
            answer = answered(connection)
            assert answer.status == 200
            assert answer.headers["Set-Cookie"].startswith("__Host-")
            assert isinstance(connection.sock, ssl.SSLSocket)
            named = (connection.sock.getpeercert() or {})["subjectAltName"]
            assert {("DNS", HUB_NAME), ("DNS", "earwitness.local"), ("IP Address", "127.0.0.1")} <= set(named)
        assert server.problem == ""


def test_it_ends_while_streams_are_open(served: House) -> None:
    """Whoever listens to events is let go, and the port is free afterwards."""
    cookie = f"earwitness={served.accounts.sessions.begin(OWNER, 'Firefox', served.now())}"
    with serving(served) as (server, _):
        streams = [plain(served) for _ in range(3)]
        answers = [answered(each, "/api/v1/events", Cookie=cookie) for each in streams]
        assert [each.status for each in answers] == [200] * 3
        assert answers[0].readline().startswith(b"retry:")
        server.close()
        for each in answers:
            each.read()
        for stream in streams:
            stream.close()
    with closing(socket.socket()) as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        plug.bind(("127.0.0.1", served.settings.web.port))


def test_who_says_nothing_holds_up_nobody(served: House) -> None:
    """Clients that connect to the encrypted port, and never greet, take no more than a thread each for a while."""
    with serving(served):
        with closing(encrypted(served)) as connection:
            answered(connection)
        silent = [socket.create_connection(("127.0.0.1", served.settings.web.https_port)) for _ in range(5)]
        with closing(encrypted(served)) as connection:
            connection.timeout = 5.0  # less than WEB_SILENCE_S, for which each of them may be silent
            assert answered(connection).status == 200
        for each in silent:
            each.close()


def test_a_client_that_does_not_trust_us_is_no_trouble(served: House, capfd: pytest.CaptureFixture[str]) -> None:
    """It turns away in the middle of the greeting, or speaks no TLS at all; nothing is written of who it was."""
    with serving(served):
        with closing(encrypted(served)) as connection:
            answered(connection)
        stranger = HTTPSConnection(
            "127.0.0.1", served.settings.web.https_port, timeout=PATIENCE_S, context=ssl.create_default_context()
        )
        with closing(stranger), pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/")
        with closing(socket.create_connection(("127.0.0.1", served.settings.web.https_port))) as plug:
            plug.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while plug.recv(4096):
                pass
        with closing(encrypted(served)) as connection:
            assert answered(connection).status == 200
    assert "127.0.0.1" not in "".join(capfd.readouterr())


def test_a_port_in_use_is_a_problem_and_no_crash(served: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other port is served meanwhile, and this one as soon as it is free."""
    monkeypatch.setattr("web.server.WEB_RETRY_S", 0.05)
    other = socket.create_server(("127.0.0.1", served.settings.web.port))
    with closing(other), serving(served) as (server, _):
        eventually(lambda: server.problem != "")
        assert f"Port {served.settings.web.port} cannot be served" in server.problem
        with closing(encrypted(served)) as connection:
            assert answered(connection).status == 200
        other.close()
        eventually(lambda: server.problem == "")
        with closing(plain(served)) as connection:
            assert answered(connection).status == 200


def test_without_certificates_plain_http_goes_on(served: House) -> None:
    """A disk that takes none is a problem of the encrypted port alone."""
    served.settings.paths.certificates.write_text("in the way")
    with serving(served) as (server, _):
        with closing(plain(served)) as connection:
            assert answered(connection).status == 200
        eventually(lambda: str(served.settings.web.https_port) in server.problem)


def test_a_new_certificate_is_used_at_once(served: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the machine gets another address new connections are greeted with a certificate for it."""
    monkeypatch.setattr("web.server.CERTIFICATE_LOOK_S", 0.05)
    with serving(served):
        with closing(encrypted(served)) as connection:
            answered(connection)
        monkeypatch.setattr("web.renewal.own_addresses", lambda: ["127.0.0.1", "192.168.99.99"])

        def named() -> bool:
            with closing(encrypted(served)) as connection:
                connection.connect()
                assert isinstance(connection.sock, ssl.SSLSocket)
                return ("IP Address", "192.168.99.99") in (connection.sock.getpeercert() or {})["subjectAltName"]

        eventually(named)


def test_https_can_be_left_out(served: House) -> None:
    """Whoever wants plain HTTP alone has no certificates made."""
    web = served.settings.web.model_copy(update={"https": Https.OFF})
    house = replace(served, settings=served.settings.model_copy(update={"web": web}))
    with serving(house), closing(plain(house)) as connection:
        assert answered(connection).status == 200
    assert not house.settings.paths.certificates.exists()


def test_the_journal_names_nobody(
    served: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A page that fails is written to the journal with its traceback, and without the address of who asked."""
    app = create_app(served)
    app.add_url_rule("/broken", "broken", access(Access.OPEN)(lambda: str(1 // 0)))
    server = WebServer(app, served)
    server.start()
    with closing(plain(served)) as connection:
        assert answered(connection, "/broken").status == 500
    server.close()
    said = caplog.text + capfd.readouterr().err
    assert "ZeroDivisionError" in said
    assert "127.0.0.1" not in said


def test_the_internet_is_let_go_unheard(house: House) -> None:
    """Whoever comes from an address that no home has gets no byte, plain or encrypted; from a private one they do."""
    web = WebSettings.model_validate({"port": 8080, "https_port": 8443})
    open_house = replace(house, settings=house.settings.model_copy(update={"web": web}))
    network = Namespace()
    network.run("ip link set lo up")
    network.run("ip addr add 8.8.4.4/32 dev lo")
    with network, network.inside(), serving(open_house):
        with closing(plain(open_house)) as connection:
            assert answered(connection).status == 200
        with closing(encrypted(open_house)) as connection:
            assert answered(connection).status == 200
        for port in (8080, 8443):
            with closing(socket.create_connection(("127.0.0.1", port), source_address=("8.8.4.4", 0))) as plug:
                plug.settimeout(PATIENCE_S)
                plug.sendall(b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert received(plug) == b""


def received(plug: socket.socket) -> bytes:
    try:
        return plug.recv(100)
    except ConnectionResetError:
        return b""
