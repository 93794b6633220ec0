# SPDX-License-Identifier: GPL-2.0-or-later
"""The page on which a release is given, checked, and asked to be installed."""

import io
import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.clocks import boot_id
from appliance.health.reading import Disk
from appliance.release import sign
from tests.release.made import bundle
from tests.web.conftest import OWNER, PASSWORD, VIEWER, browser_of
from web import received
from web.app import create_app
from web.asking import Errand
from web.house import House
from web.staged import staged

KEY = Ed25519PrivateKey.generate()
LABEL = "version {version}\narchitecture {architecture}\npythons {python}\nmade 1763900000\n"
HERE = {"architecture": platform.machine(), "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
NEWS = "# Changelog\n\n## [9.9.9]\n\n- <b>bold</b> promises\n\n## [0.1.0]\n\n- old news\n"


@pytest.fixture
def trusting(house: House) -> House:
    """A house on an installed machine, that knows somebody whose releases it takes."""
    for folder in (house.settings.paths.asked, house.settings.paths.install):
        folder.mkdir()
    public = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return replace(house, rules=replace(house.rules, releases={"maintainers": public}))


@pytest.fixture
def app(trusting: House) -> Flask:
    return create_app(trusting)


@pytest.fixture
def owner(app: Flask, trusting: House) -> FlaskClient:
    return browser_of(app, trusting, OWNER)


@pytest.fixture
def viewer(app: Flask, trusting: House) -> FlaskClient:
    return browser_of(app, trusting, VIEWER)


def release(folder: Path, said: Mapping[str, str] = HERE, *, signed: bool = True) -> bytes:
    """Return a bundle for this machine, but for what is said."""
    label = LABEL.format(**({"version": "9.9.9"} | HERE | dict(said)))
    path = bundle(folder / "bundle.tar", label, **{"CHANGELOG.md": NEWS})
    if signed:
        sign(path, KEY)
    return path.read_bytes()


def give(owner: FlaskClient, raw: bytes) -> TestResponse:
    data: dict[str, Any] = {"file": (io.BytesIO(raw), "earwitness-9.9.9.tar")}
    return owner.post("/update/bundle", data=data, content_type="multipart/form-data", follow_redirects=True)


def test_a_release_is_checked_shown_and_asked_for(owner: FlaskClient, trusting: House, tmp_path: Path) -> None:
    """What is new since this version is shown as plain text; the password is asked for again; then root is asked."""
    raw = release(tmp_path)
    page = give(owner, raw).text
    assert "9.9.9 is whole" in page
    assert "&lt;b&gt;bold&lt;/b&gt; promises" in page
    assert "old news" not in page
    paths = trusting.settings.paths
    assert paths.bundle.read_bytes() == raw
    assert paths.bundle.stat().st_mode & 0o077 == 0
    assert owner.post("/update", data={"password": "wrong"}).status_code == 403
    assert not (paths.asked / Errand.UPDATE).exists()
    assert owner.post("/update", data={"password": PASSWORD}).headers["Location"] == "/update"
    assert (paths.asked / Errand.UPDATE).exists()
    assert "data-watch" in owner.get("/update").text


@pytest.mark.parametrize("filling", [b"\r", b"\n", b"\r\n--", bytes(range(256))])
def test_any_bytes_are_received(owner: FlaskClient, filling: bytes) -> None:
    """A bundle is hundreds of pieces of whatever bytes: none of them may look like too long a field of the form."""
    answer = give(owner, filling * (500_000 // len(filling)))
    assert (answer.status_code, "cannot be installed" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"architecture": "pdp11"}, "it is for pdp11"),
        ({"python": "2.7"}, "for Python 2.7"),
        ({"version": "0.0.1"}, "is older than"),
    ],
)
def test_what_this_machine_cannot_take_is_refused(
    owner: FlaskClient, trusting: House, tmp_path: Path, said: dict[str, str], why: str
) -> None:
    """It is said why, and nothing lies ready."""
    assert why in give(owner, release(tmp_path, said)).text
    assert not trusting.settings.paths.bundle.exists()


def test_who_vouches_for_nothing_installs_nothing(owner: FlaskClient, trusting: House, tmp_path: Path) -> None:
    """Without a signature, with a changed byte, or with something else altogether."""
    whole = release(tmp_path)
    for raw in (release(tmp_path, signed=False), whole[:600] + b"x" + whole[601:], b"\xff\xd8 a picture", b""):
        assert "cannot be installed" in give(owner, raw).text
    assert "Choose the bundle" in owner.post("/update/bundle", data={}, follow_redirects=True).text
    assert list(trusting.settings.paths.bundle.parent.iterdir()) == []


def test_a_bad_one_takes_the_place_of_a_good_one(owner: FlaskClient, trusting: House, tmp_path: Path) -> None:
    """What is shown as ready is what lies there."""
    give(owner, release(tmp_path))
    give(owner, b"something else")
    assert staged(trusting.settings.paths, 0.0) is None
    assert "No release lies ready" in owner.post("/update", data={"password": PASSWORD}, follow_redirects=True).text


def test_it_can_be_dropped(owner: FlaskClient, trusting: House, tmp_path: Path) -> None:
    """Then nothing of it is left."""
    give(owner, release(tmp_path))
    owner.post("/update/discard")
    assert list(trusting.settings.paths.bundle.parent.iterdir()) == []
    owner.post("/update/discard")


def test_a_full_disk_takes_no_upload(owner: FlaskClient, trusting: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before it is written: the ledger needs the room."""
    monkeypatch.setattr(received, "read_disk", lambda _folder: Disk(50 << 20, 1 << 30, read_only=False))
    assert give(owner, b"x" * 100_000).status_code == 413
    assert not trusting.settings.paths.bundle.exists()


def test_a_large_upload_lies_on_the_houses_disk(app: Flask, trusting: House) -> None:
    """Not in memory, and not in a folder that may be in memory."""
    with app.test_request_context("/update/bundle", method="POST"):
        stream = received.Receiving({"wsgi.input": io.BytesIO()})._get_file_stream(None, None)
        stream.write(b"x" * 1_000_000)
        where = Path(f"/proc/self/fd/{stream.fileno()}").readlink()
        assert where.is_relative_to(trusting.settings.paths.state)
        stream.close()


@pytest.mark.parametrize("state", ["running", "broken-off", "done", "back", "refused"])
def test_how_the_last_one_went_is_shown(owner: FlaskClient, trusting: House, tmp_path: Path, state: str) -> None:
    """In words, by version; what was ready before it is ready no more."""
    give(owner, release(tmp_path))
    before = owner.get("/update/state").text
    said = {"time": 4e9, "from": "0.1.0-py3.13-abc", "to": "0.2.0-py3.13-def", "state": state, "words": "<i>why</i>"}
    said |= {"pid": os.getpid(), "boot": boot_id()}
    if state == "broken-off":  # the machine was started again since
        said |= {"state": "running", "boot": "another"}
    (trusting.settings.paths.install / "last-update.json").write_text(json.dumps(said))
    page = owner.get("/update").text
    assert ("data-watch" in page) == (state == "running")
    assert ("was broken off" in page) == (state == "broken-off")
    assert ("version 0.2.0" in page) == (state in {"done", "back"})
    assert ("&lt;i&gt;why&lt;/i&gt;" in page) == (state in {"back", "refused"})
    assert "lies ready" not in page
    assert owner.get("/update/state").text != before


def test_who_may_not(viewer: FlaskClient, trusting: House) -> None:
    """A viewer sees which version runs, and changes nothing."""
    assert viewer.get("/update").status_code == 200
    for address in ("/update", "/update/bundle", "/update/discard"):
        assert viewer.post(address).status_code == 403
    assert list(trusting.settings.paths.asked.iterdir()) == []


def test_where_nobody_is_known_the_page_says_what_to_do(house: House) -> None:
    """The sources trust nobody: by hand it goes."""
    app = create_app(house)
    browser = browser_of(app, house, OWNER)
    assert "install.sh --update" in browser.get("/update").text
    assert "Nothing can be installed" in browser.post("/update/bundle", follow_redirects=True).text


def test_asking_is_the_owners_choice(owner: FlaskClient, house: House) -> None:
    """It is off, and where nobody could be asked that is said; with an address the page says whom."""
    page = owner.get("/update").text
    assert "asks nobody for one" in page
    assert "Nobody is known here whom it could ask." in page
    known = replace(house, rules=replace(house.rules, newest={"us": "https://example.org/newest.json"}))
    visitor = browser_of(create_app(known), house, OWNER)
    assert visitor.post("/update/asking", data={"ask": "yes"}).status_code == 303
    assert house.household.choices.updates.ask
    page = visitor.get("/update").text
    assert "https://example.org/newest.json" in page
    assert "asks once a day whether there is a newer version" in page
    assert "It asks for them once a day." in visitor.get("/settings").text
    visitor.post("/update/asking", data={})
    assert not house.household.choices.updates.ask
