# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes over the years: a release that takes over, a look at the machine as it was made, a card that wears out."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import run

from tests.e2e.image.cuts import Check, back
from tests.e2e.image.guest import Guest
from tests.e2e.install import releases
from tests.e2e.install.street import ROUTER, Street
from tests.e2e.visitor import Visitor
from tests.network import Namespace

_VERSION = "7.0.0"
_UPDATE_S = 1800.0
_CURRENT = "readlink /opt/earwitness/current"
_KEPT = "cat /run/earwitness-image/kept"
_TOLD = "cat /var/lib/earwitness-install/last-update.json"


def pass_the_years(check: Check, guest: Guest, street: Street, house: Visitor, bundle: Path) -> None:
    """Update the machine to ``bundle`` under another version; then start it without its data, by word and for want."""
    seen = house.ask("/verdicts")["items"]
    first = guest.run(_CURRENT)

    def as_it_was_left() -> None:
        assert _VERSION in guest.run(_CURRENT)
        assert guest.run(_KEPT) == "data"
        assert house.ask("/verdicts")["items"][: len(seen)] == seen

    with (
        check("another release takes over, with all that was known") as told,
        _served(street.router, bundle, guest.folder / "releases") as url,
    ):
        guest.run(
            f"python3 -c \"from urllib.request import urlretrieve as get; get('{url}', '/root/bundle.tar')\"", 600
        )
        said = guest.run("sh /opt/earwitness/current/share/install.sh --update /root/bundle.tar", _UPDATE_S)
        assert json.loads(guest.run(_TOLD))["state"] == "done", said
        told.append(said.splitlines()[-1])
        back(guest, street, house)
        as_it_was_left()
    with check("it is there after a start in order"):
        _anew(guest)
        back(guest, street, house)
        as_it_was_left()
    with check("earwitness=pristine starts it as it was made, and joins the network"):
        _anew(guest, "earwitness=pristine")
        guest.started()
        assert (guest.run(_KEPT), guest.run(_CURRENT)) == ("memory", first)
        assert street.reached(120)
    with check("without that word all is as it was left"):
        _anew(guest)
        back(guest, street, house)
        as_it_was_left()
    with check("a data partition that cannot be used keeps it from nothing but remembering"):
        guest.run("dd if=/dev/zero of=/dev/disk/by-label/ew-data bs=4k count=1 conv=fsync")
        guest.cut()
        guest.on()
        guest.started()
        assert (guest.run(_KEPT), guest.run(_CURRENT)) == ("memory", first)
        assert street.reached(120)
        assert len(guest.run("earwitness setup-code")) > 0


def _anew(guest: Guest, words: str = "") -> None:
    guest.off()
    guest.on(words)


@contextmanager
def _served(side: Namespace, bundle: Path, folder: Path) -> Iterator[str]:
    """Give away a bundle under another version, made in a folder, from a namespace: yields where it is."""
    folder.mkdir()
    run(["tar", "-xf", bundle, "-C", folder], check=True)
    (release,) = folder.iterdir()
    archive = releases.packed(releases.another(release, _VERSION))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with side.inside():
        server = ThreadingHTTPServer((ROUTER, 0), handler)
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{ROUTER}:{server.server_port}/{archive.name}"
        server.shutdown()
