# SPDX-License-Identifier: GPL-2.0-or-later
"""Whoever is in the home's network: finds the dashboard by its name, fills in its forms, asks its interface."""

import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from json import loads
from typing import Any

import requests
from scapy.layers.dns import DNS, DNSQR

from tests.network import Namespace

NAME = "earwitness.local"
_PATIENCE_S = 120.0
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


class Visitor:
    """A browser without script, in a namespace."""

    def __init__(self, namespace: Namespace, host: str) -> None:
        self._namespace = namespace
        self._base = f"http://{host}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._page = ""

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> str:
        """Open a page; return it. Raises requests' errors, also where the answer is one."""
        end = time.monotonic() + _PATIENCE_S
        while True:  # the hub judges before it serves
            try:
                with self._namespace.inside():
                    answer = self._session.get(self._base + path, headers=dict(headers or {}), timeout=_PATIENCE_S)
            except requests.ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(1)
            else:
                answer.raise_for_status()
                self._page = answer.text
                return self._page

    def send(self, path: str, **fields: str) -> str:
        """Send a form of the page that is open; return what comes of it."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._page)
        if token:
            fields["csrf_token"] = token[1]
        with self._namespace.inside():
            headers = {"Referer": self._base + path, "Origin": self._base}
            answer = self._session.post(self._base + path, data=fields, headers=headers, timeout=_PATIENCE_S)
        answer.raise_for_status()
        self._page = answer.text
        return self._page

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Ask the interface for programs."""
        alone = {"Connection": "close"}  # one that is kept belongs to an address that ends with the wire
        with self._namespace.inside():
            answer = self._session.get(f"{self._base}/api/v1{path}", headers=alone, timeout=_PATIENCE_S)
        answer.raise_for_status()
        return answer.json()


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
