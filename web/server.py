# SPDX-License-Identifier: GPL-2.0-or-later
"""Serves the dashboard and the API over HTTP and HTTPS, in threads of its own that die with the process.

Nothing that goes wrong here goes further: it is ``problem``, in words, and is tried again.
"""

import logging
import ssl
from collections.abc import Callable
from contextlib import suppress
from socket import has_dualstack_ipv6, socket
from threading import Event, Thread
from traceback import format_exc
from typing import Any

from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from flask import Flask

from appliance.certificates import Certificates
from appliance.limits import (
    CERTIFICATE_LOOK_S,
    WEB_HEADER_BYTES,
    WEB_IDLE,
    WEB_RETRY_S,
    WEB_SILENCE_S,
    WEB_STOP_S,
    WEB_THREADS,
    WEB_WAITING,
)
from appliance.serve import WARNING, say
from appliance.settings import Https
from web.addresses import own_addresses
from web.house import House
from web.neighbours import Neighbours
from web.news import Reporter
from web.renewal import the_certificates as certificates_of


class _Connection(HTTPConnection):
    """A connection that greets its client in the thread that serves it: who says nothing holds up nobody else."""

    def communicate(self) -> bool:
        """Answer one request; say whether there may be another."""
        if not self.server.neighbours.include(self.remote_addr):
            return False
        try:
            if isinstance(self.socket, ssl.SSLSocket) and self.socket.version() is None:
                self.socket.do_handshake()
            return bool(super().communicate())  # type: ignore[no-untyped-call]
        except OSError:  # it went away, or does not trust our certificate
            return False


class _Tls(BuiltinSSLAdapter):
    """Encrypts, but leaves the handshake to the connection's own thread."""

    def wrap(self, sock: Any) -> tuple[ssl.SSLSocket, dict[str, str]]:  # noqa: ANN401 - cheroot's signature
        """Return the socket to talk over, and what the application is told of it."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class _Server(Server):
    neighbours: Neighbours
    ConnectionClass = _Connection
    max_request_header_size = WEB_HEADER_BYTES
    keep_alive_conn_limit = WEB_IDLE

    def bind(self, family: int, type: int, proto: int = 0) -> socket:  # noqa: A002 - cheroot's signature
        """Take the port; where that fails, close what it was tried with, which cheroot forgets."""
        plug: socket = self.prepare_socket(self.bind_addr, family, type, proto, self.nodelay, self.ssl_adapter)
        try:
            self.bind_socket(plug, self.bind_addr)  # type: ignore[no-untyped-call]
        except OSError:
            plug.close()
            raise
        self.socket = plug
        return plug

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: FBT001, FBT002 - cheroot's signature
        """Write to the journal what is our own fault; who came, and how they went, is nobody's business."""
        if level >= logging.ERROR:
            say(WARNING, format_exc() if traceback else msg)


class Listener:
    """One port, served until it is stopped; one that cannot be had is tried again and again."""

    def __init__(
        self, address: str, port: int, app: Flask, neighbours: Neighbours, adapter: Callable[[], _Tls] | None = None
    ) -> None:
        """Take what to serve where, and for whom; ``adapter`` makes what encrypts it."""
        self.problem = ""
        self._neighbours = neighbours
        self._where = (address, port)
        self._app = app
        self._adapter = adapter
        self._server: _Server | None = None
        self._stopped = Event()

    @property
    def is_settled(self) -> bool:
        """Whether its port can be connected to, or it is known why not."""
        return self._server is not None or self.problem != ""

    def run(self) -> None:
        """Serve; in a thread of its own."""
        while not self._stopped.is_set():
            try:
                self._serve()
            except Exception as error:  # noqa: BLE001 - whatever it is, the judge beside goes on
                self.problem = f"Port {self._where[1]} cannot be served: {_words(error)}"
                say(WARNING, self.problem)
            self._stopped.wait(WEB_RETRY_S)

    def stop(self) -> None:
        """End, with whoever is still served."""
        self._stopped.set()
        if self._server:
            self._server.stop()

    def renew(self, certificates: Certificates) -> None:
        """Greet new connections with these certificates."""
        if self._server and self._server.ssl_adapter:
            self._server.ssl_adapter.context.load_cert_chain(certificates.chain_path, certificates.key_path)

    def _serve(self) -> None:
        server = _Server(
            self._where,
            self._app,
            numthreads=WEB_THREADS,
            max=WEB_THREADS,
            server_name="Earwitness",
            request_queue_size=WEB_WAITING,
            timeout=WEB_SILENCE_S,
            shutdown_timeout=1,
        )
        server.neighbours = self._neighbours
        server.ssl_adapter = self._adapter() if self._adapter else None
        server.prepare()
        self._server, self.problem = server, ""
        if self._stopped.is_set():
            server.stop()
        server.serve()


class WebServer:
    """The house's web, on the ports that its settings say."""

    def __init__(self, app: Flask, house: House) -> None:
        self._house = house
        self._reporter = Reporter(app, house)
        self._closed = Event()
        self._neighbours = Neighbours(own_addresses)
        web = house.settings.web
        address = str(web.address)
        if address == "::" and not has_dualstack_ipv6():
            address = "0.0.0.0"  # noqa: S104 - the owner asked for all addresses
        self._listeners = [Listener(address, web.port, app, self._neighbours)]
        if web.https is not Https.OFF:
            self._listeners.append(Listener(address, web.https_port, app, self._neighbours, self._encrypt))

    @property
    def problem(self) -> str:
        """What keeps it from being served, in words; mostly empty."""
        return " ".join(filter(None, (each.problem for each in self._listeners)))

    @property
    def is_settled(self) -> bool:
        """Whether it can be connected to, as far as it will be for now."""
        return all(each.is_settled for each in self._listeners)

    def start(self) -> None:
        """Begin to serve."""
        self._reporter.start()
        for work in (*(each.run for each in self._listeners), self._tend):
            Thread(target=work, daemon=True).start()

    def close(self) -> None:
        """End the streams, then the rest; whoever is not done after WEB_STOP_S ends with the process."""
        self._closed.set()
        self._reporter.close()
        endings = [Thread(target=each.stop, daemon=True) for each in self._listeners]
        for ending in endings:
            ending.start()
        for ending in endings:
            ending.join(WEB_STOP_S / len(endings))

    def _tend(self) -> None:
        """Renew the certificates when they age, or when this machine got another address."""
        while not self._closed.wait(CERTIFICATE_LOOK_S):
            with suppress(OSError, ssl.SSLError):
                certificates = the_certificates(self._house)
                for each in self._listeners:
                    each.renew(certificates)

    def _encrypt(self) -> _Tls:
        found = the_certificates(self._house)
        return _Tls(str(found.chain_path), str(found.key_path))


def the_certificates(house: House) -> Certificates:
    """Return the home's certificates, for the names and addresses that this machine has now. Raises OSError."""
    return certificates_of(house.settings, house.now())


def _words(error: Exception) -> str:
    return f"{error.strerror or error}" if isinstance(error, OSError) else f"{error!r}"
