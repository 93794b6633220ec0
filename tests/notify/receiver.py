# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that takes what is posted to it, and answers as a test wants: a real one, on this machine."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass
class Request:
    """What was asked."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reaction:
    """What is answered; ``hang``: nothing, until the test ends."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang: bool = False
    garbage: bool = False  #: bytes that are no HTTP


class Receiver:
    """Answers each request by ``react``, which is told how many came before; encrypted, if it is given ``tls``."""

    def __init__(
        self, react: Callable[[int], Reaction] = lambda _number: Reaction(), tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[Request] = []
        self._react = react
        self._over = threading.Event()
        self._came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_address[1]}"

    def wait(self, count: int, seconds: float = 30.0) -> list[Request]:
        """Return the requests once there are so many."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.requests) >= count, seconds), f"{len(self.requests)} came"
            return list(self.requests)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with receiver._came:
                    number = len(receiver.requests)
                    receiver.requests.append(Request(self.path, dict(self.headers), body))
                    receiver._came.notify_all()
                self._answer(receiver._react(number))

            def _answer(self, reaction: Reaction) -> None:
                if reaction.hang:
                    receiver._over.wait()
                    self.close_connection = True
                elif reaction.garbage:
                    self.wfile.write(b"\x00\xff nonsense\r\n\r\n")
                    self.close_connection = True
                else:
                    self.send_response(reaction.status)
                    for name, value in {"Content-Length": str(len(reaction.body)), **reaction.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reaction.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
                pass

        return Handler
