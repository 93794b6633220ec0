# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens where the units bound memory: the kernel ends what takes too much, and nothing that judges."""

from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

from tests.e2e.house import until
from tests.e2e.memory import Bound
from tests.e2e.test_upkeep import Hub
from web.accounts import Accounts

#: Bytes. Who goes first is told by what each has in all and by the bound: with a smaller one it were the hub.
MOST = 160 << 20


def test_a_self_test_that_takes_too_much_ends_alone(lived: Path, tmp_path: Path) -> None:
    """Asked for on the page, it is a child of the hub, and goes first: the hub judges and serves on, and says so."""
    with Bound(MOST) as bound, closing(Hub(tmp_path / "house", lived)) as hub:
        token = token_of(hub)  # what the hub itself needs for its pages it has by then
        bound.take(hub.process.pid)
        asked(hub, "/health/selftest", token)
        until("the self-test to have ended", lambda: "Something was not as it should be" in asked(hub, "/health"))
        assert hub.process.poll() is None
        assert Accounts(hub.paths.state).users.owned()


def asked(hub: Hub, address: str, token: str = "") -> str:
    """Return a page, as the owner's browser gets it; with a token it is a form that is sent."""
    headers = {"Cookie": f"earwitness={hub.session}", "Origin": hub.base}
    if token:
        headers |= {"Cookie": f"{headers['Cookie']}; {token.partition(' ')[0]}", "X-CSRFToken": token.partition(" ")[2]}
    body = b"" if token else None
    with urlopen(Request(hub.base + address, data=body, headers=headers), timeout=60) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


def token_of(hub: Hub) -> str:
    """Return the cookie that forms are bound to, and the token that belongs to it."""
    request = Request(f"{hub.base}/health", headers={"Cookie": f"earwitness={hub.session}"})  # noqa: S310
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        page = answer.read().decode()
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return f"{cookie} {token}"
