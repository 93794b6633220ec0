# SPDX-License-Identifier: GPL-2.0-or-later
"""A hub on this machine that speaks TLS with certificates of a home, and can be taken away and misbehave."""

import ssl
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from appliance.certificates import home_certificates
from appliance.clocks import Boot
from appliance.commands.services import opened_in
from appliance.events import Service
from appliance.satellites.codes import read_code, write_code
from appliance.satellites.hub import Hub, join
from appliance.satellites.membership import Address, Membership
from appliance.satellites.messages import Report, Request
from appliance.satellites.receiver import Receiver
from appliance.satellites.roster import RosterError
from tests.satellites.home import RULES, Home


class ServedHub(Home):
    """The hub: its receiver, and a server of a few lines in place of the dashboard's."""

    def __init__(self, folder: Path, boot: Boot | None = None, run: Path | None = None) -> None:
        super().__init__(folder, boot, run)
        self.certificates = home_certificates(folder / "certificates", [], [], time.time())
        opening = partial(opened_in, self.settings, Service.EARS, self.boot)
        self.receiver = Receiver(self.settings, RULES, self.boot, opening)
        self.receiver.start()
        self.instead: tuple[int, bytes] | None = None  #: what is answered in place of what should be
        self.reports: list[Report] = []
        self.gone = False
        self.address = Address(host="127.0.0.1", port=1)
        self.server = self.serve()

    def serve(self) -> ThreadingHTTPServer:
        """Answer, at the same port as before."""
        self.gone = False
        port = self.address.port if self.address.port > 1 else 0
        server = _Server(("127.0.0.1", port), partial(_Handler, self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificates.chain_path, self.certificates.key_path)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self.address = Address(host="127.0.0.1", port=server.server_address[1])
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        return server

    def away(self) -> None:
        """Answer nobody any more."""
        self.gone = True
        self.server.shutdown()
        self.server.server_close()

    def invite(self) -> str:
        """Return a code, as the command prints it."""
        return write_code(self.receiver.roster.invite(self.boot.id, self.receiver.now), self.certificates.fingerprint)

    def pair(self, name: str = "bedroom") -> Membership:
        """Let a satellite in."""
        return join(self.address, read_code(self.invite()), name)

    def hub(self) -> Hub:
        """Return a satellite's way here."""
        return Hub(self.pair())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.away()
        self.receiver.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away, or do not trust us."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, hub: ServedHub, *arguments: object) -> None:
        self._hub = hub
        super().__init__(*arguments)  # type: ignore[arg-type]  # as the server calls it

    def do_GET(self) -> None:
        """Give the authority's certificate."""
        self._answer(200, self._hub.certificates.ca_path.read_bytes())

    def do_POST(self) -> None:
        """Take what a satellite says."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/pair"):
            try:
                self._answer(
                    200, self._hub.receiver.admit(Request.model_validate_json(body)).model_dump_json().encode()
                )
            except RosterError as error:
                self._answer(403, f'{{"detail": "{error}"}}'.encode())
            return
        known = self._hub.receiver.roster.known(self.headers["Authorization"].removeprefix("Bearer "))
        if known is None:
            self._answer(401, b'{"detail": "The hub does not know this satellite."}')
            return
        report = Report.model_validate_json(body)
        self._hub.reports.append(report)
        self._answer(200, self._hub.receiver.report(known, report).model_dump_json().encode())

    def _answer(self, status: int, body: bytes) -> None:
        if self._hub.gone:
            self.close_connection = True
            return
        status, body = self._hub.instead or (status, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
