# SPDX-License-Identifier: GPL-2.0-or-later
import io

import pytest
from flask.testing import FlaskClient

from appliance.upkeep import age
from appliance.upkeep.age import MAGIC
from appliance.upkeep.restore import is_staged
from web.house import House

WORDS = "correct horse battery staple"
MULTIPART = "multipart/form-data"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are made with little work."""
    monkeypatch.setattr(age, "AGE_WORK", 4)


def test_a_backup_goes_there_and_back(owner: FlaskClient, house: House) -> None:
    """What a browser was sent, it can bring back: it is checked and lies ready for the hub."""
    made = owner.post("/settings/backup", data={"passphrase": WORDS, "again": WORDS})
    assert made.status_code == 200
    assert ".tar.gz.age" in made.headers["Content-Disposition"]
    raw = made.data
    assert raw.startswith(MAGIC)
    back = {"file": (io.BytesIO(raw), "backup.age"), "passphrase": WORDS}
    answer = owner.post("/settings/restore", data=back, content_type=MULTIPART)
    assert answer.status_code == 200
    assert "starts again with it" in answer.text
    assert is_staged(house.settings.paths)


@pytest.mark.parametrize(
    ("words", "again", "why"), [("short", "short", "at least 12"), (WORDS, "another", "passphrases differ")]
)
def test_a_passphrase_must_be_one(owner: FlaskClient, words: str, again: str, why: str) -> None:
    """One that is too short, or typed wrong, makes no backup."""
    assert owner.post("/settings/backup", data={"passphrase": words, "again": again}).status_code == 303
    assert why in owner.get("/settings").text


def test_what_is_no_backup_is_refused(owner: FlaskClient, house: House) -> None:
    """It is said why, and nothing lies ready; nothing at all is refused too."""
    picture = {"file": (io.BytesIO(b"\xff\xd8\xff a picture"), "holiday.jpg"), "passphrase": ""}
    owner.post("/settings/restore", data=picture, content_type=MULTIPART)
    assert "no backup" in owner.get("/settings").text
    owner.post("/settings/restore", data={"passphrase": ""}, content_type=MULTIPART)
    assert "Choose the file" in owner.get("/settings").text
    assert not is_staged(house.settings.paths)


def test_it_is_the_owners_alone(viewer: FlaskClient) -> None:
    """All that the house knows is in it."""
    assert viewer.post("/settings/backup").status_code == 403
    assert viewer.post("/settings/restore").status_code == 403
