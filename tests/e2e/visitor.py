# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody in the home's network who opens the dashboard of a machine under test, and fills in its forms."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from json import loads
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.network import Namespace

PASSWORD = "correct horse battery"  # noqa: S105 - nobody's
#: What is raised where nobody answers, or not as asked.
NO_ANSWER = (OSError, HTTPException)
_PAGE_S = 30  #: one that was asked for while the network changed never comes
_PATIENCE_S = 120
_PIECE = 1 << 20
_BOUNDARY = "what-no-bundle-holds-4b1f0c"


class Visitor:
    """A browser without pictures: it keeps cookies, follows redirects, and sends forms as pages gave them."""

    def __init__(self, side: Namespace, address: str) -> None:
        self._side, self.address = side, address  # which may change
        self._cookies: dict[str, str] = {}

    def get(self, path: str, host: str = "") -> str:
        """Return a page, of whoever is called ``host``; nothing while nobody answers."""
        try:
            return self._page("GET", path, {"Host": host} if host else {}, None)
        except NO_ANSWER:
            return ""

    def ask(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Ask the interface for programs. Raises NO_ANSWER."""
        with self._answer("GET", f"/api/v1{path}", {}, None, _PATIENCE_S) as answer:
            if answer.status != 200:
                raise OSError(f"{path}: {answer.status} {answer.reason}")
            return loads(answer.read())

    def post(self, form: str, path: str, **fields: str) -> str:
        """Send the form of one page to another; return the page on which it ends."""
        body = urlencode({"csrf_token": self._token(form), **fields}).encode()
        said = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._page("POST", path, said, iter((body,)))

    def give(self, form: str, path: str, file: Path) -> str:
        """Send a file by the form of a page; return the page on which it ends."""
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self._token(form)}\r\n'
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        ).encode()
        tail = f"\r\n--{_BOUNDARY}--\r\n".encode()
        length = len(head) + file.stat().st_size + len(tail)
        said = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Content-Length": str(length)}
        return self._page("POST", path, said, _around(head, file, tail))

    def own(self, code: str) -> None:
        """Become the owner of the house, by its one-time code."""
        self.post("/setup/owner", "/setup/owner", code=code, name="Ada", password=PASSWORD, again=PASSWORD)
        assert "earwitness" in self._cookies, "the code was not taken"

    def _token(self, form: str) -> str:
        page = self.get(form)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, page[:2000]
        return found[1]

    def _page(self, method: str, path: str, said: Mapping[str, str], body: Iterator[bytes] | None) -> str:
        with self._answer(method, path, said, body, _PATIENCE_S if body else _PAGE_S) as answer:
            if not 300 <= answer.status < 400:
                return answer.read().decode(errors="replace")
        return self.get(answer.headers["Location"])

    @contextmanager
    def _answer(
        self, method: str, path: str, said: Mapping[str, str], body: Iterator[bytes] | None, patience_s: float
    ) -> Iterator[HTTPResponse]:
        headers = {"Origin": f"http://{self.address}", **said}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        with closing(HTTPConnection(self.address, timeout=patience_s)) as connection:
            with self._side.inside():
                connection.connect()
            with suppress(BrokenPipeError, ConnectionResetError):  # who refuses a file does not read it to its end
                connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                self._cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
            yield answer


def _around(head: bytes, file: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with file.open("rb") as content:
        yield from iter(partial(content.read, _PIECE), b"")
    yield tail
