# SPDX-License-Identifier: GPL-2.0-or-later
"""Others in the home's network: who looks for the dashboard by its name, and a webhook's other end."""

import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from json import loads
from typing import Any

from scapy.layers.dns import DNS, DNSQR

from tests.network import Namespace

NAME = "earwitness.local"
_MDNS = ("224.0.0.251", 5353)


def found_by_name(namespace: Namespace, address: str, seconds: float = 5.0, name: str = NAME) -> str | None:
    """Ask by mDNS, from ``address``, who is called so; return its IPv4 address, None without an answer."""
    with namespace.inside():
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with asking:
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        asking.settimeout(seconds)
        asking.sendto(bytes(DNS(rd=0, qd=DNSQR(qname=name, qtype="A"))), _MDNS)
        with suppress(TimeoutError):
            answer = DNS(asking.recv(9000))
            for record in answer.an or ():
                if record.type == 1:
                    return str(record.rdata)
    return None


class Receiver:
    """A webhook's other end, in a namespace: keeps what comes."""

    def __init__(self, namespace: Namespace, address: str) -> None:
        self.letters: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.letters.append(loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        with namespace.inside():
            self._server = HTTPServer((address, 0), Handler)
        self.url = f"http://{address}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Receive no more."""
        self._server.shutdown()
        self._server.server_close()
