# SPDX-License-Identifier: GPL-2.0-or-later
import json
import re
import shutil

import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import Entry, entries
from appliance.diary.kept import kept
from appliance.evidence import Shelf
from appliance.speakers.inventory import Word
from web.house import House


def unexplained(house: House) -> Entry:
    """Return an upload that nobody asked for."""
    with house.reader() as reader:
        return next(each for each in entries(reader) if each.verdict.verdict.startswith("unexplained"))


def with_evidence(house: House) -> Entry:
    """Return an upload of which evidence is kept."""
    shelf = Shelf(house.settings.paths.evidence, house.settings.evidence)
    with house.reader() as reader:
        return next(each for each in entries(reader) if each.verdict.upload and kept(reader, shelf, each))


def test_every_entry_has_a_page(owner: FlaskClient, house: House) -> None:
    """Uploads of each verdict, calls, and wake words that nobody answered: each is told."""
    with house.reader() as reader:
        every = {each.verdict.verdict: each for each in entries(reader)}
    for found in every.values():
        answer = owner.get(f"/uploads/{found.id}")
        assert answer.status_code == 200
        assert found.verdict.verdict in answer.text


def test_an_accusation_says_what_it_rests_on(owner: FlaskClient, house: House) -> None:
    """The sentence, each piece of evidence in words and as a figure, and what would have been normal."""
    found = unexplained(house)
    page = owner.get(f"/uploads/{found.id}").text
    assert re.search(r'<h1 id="sentence">Your [^<]+ sent [^<]+ at \d\d:\d\d\.', page)
    for each in found.verdict.evidence:
        assert f"<code>{each.key}</code>" in page
    assert "What it would have taken for nobody to wonder" in page


def test_the_curve_is_made_of_the_evidence(owner: FlaskClient, house: House) -> None:
    """Where evidence is kept there is a curve, with its table; where none is, the page says so."""
    found = with_evidence(house)
    page = owner.get(f"/uploads/{found.id}").text
    carried = re.search(r'id="curve">(.*?)</script>', page)
    assert carried
    assert sum(json.loads(carried[1])["up"]) > 0
    shutil.rmtree(house.settings.paths.evidence)
    assert "No curve of this one" in owner.get(f"/uploads/{found.id}").text


@pytest.mark.parametrize("word", list(Word))
def test_a_person_answers_and_takes_it_back(owner: FlaskClient, house: House, word: Word) -> None:
    """An answer is kept beside the verdict until it is taken back; the verdict stays as it was."""
    found = unexplained(house)
    place = f"/uploads/{found.id}"
    assert owner.post(f"{place}/answer", data={"word": word}).status_code == 303
    assert {each.verdict: each.word for each in house.registry.inventory.answers} == {found.key: word}
    assert re.search(rf'value="{word}" aria-pressed="true"', owner.get(place).text)
    owner.post(f"{place}/answer", data={"word": ""})
    assert house.registry.inventory.answers == ()
    assert found.verdict.verdict in owner.get(place).text


@pytest.mark.parametrize("word", ["nonsense", "<b>", "\x00"])
def test_another_word_is_refused(owner: FlaskClient, house: House, word: str) -> None:
    """What is no answer is kept nowhere."""
    assert owner.post(f"/uploads/{unexplained(house).id}/answer", data={"word": word}).status_code == 400
    assert house.registry.inventory.answers == ()


def test_the_evidence_can_be_taken_away(owner: FlaskClient, viewer: FlaskClient, house: House) -> None:
    """The owner gets the capture as a file; who only may look does not."""
    found = with_evidence(house)
    answer = owner.get(f"/uploads/{found.id}/evidence")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=upload-{found.id}.pcapng"
    assert answer.data[:4] == b"\x0a\x0d\x0d\x0a"
    answer.close()
    assert viewer.get(f"/uploads/{found.id}/evidence").status_code == 403


def test_the_vendors_page_is_named(owner: FlaskClient, house: House) -> None:
    """For speakers of the large vendors the page leads to where recordings are heard and deleted."""
    with house.reader() as reader:
        every = entries(reader)
    found = next(each for each in every if each.verdict.upload and each.verdict.upload.speaker == "amazon-echo")
    assert "https://www.amazon.com/alexa-privacy/" in owner.get(f"/uploads/{found.id}").text


def test_the_page_speaks_the_readers_language_of_recordings(owner: FlaskClient, house: House) -> None:
    """What to do at the vendor's is said in the language of the page."""
    with house.reader() as reader:
        every = entries(reader)
    found = next(each for each in every if each.verdict.upload and each.verdict.upload.speaker == "amazon-echo")
    assert "löschen" in owner.get(f"/uploads/{found.id}", headers={"Accept-Language": "de"}).text


def test_an_upload_that_is_none_is_not_there(owner: FlaskClient) -> None:
    """An entry that never was, or was forgotten, is not found, whatever is asked of it."""
    for id_ in ("987654321", "99999999999999999999"):
        for place in ("", "/evidence", "/wire"):
            assert owner.get(f"/uploads/{id_}{place}").status_code in {404, 405}
        for place in ("/wire", "/answer"):
            assert owner.post(f"/uploads/{id_}{place}").status_code in {404, 405}


def test_who_may_only_look_is_offered_nothing_else(owner: FlaskClient, viewer: FlaskClient, house: House) -> None:
    """A viewer reads what was answered, and sees no button that would be refused."""
    found = with_evidence(house)
    owner.post(f"/uploads/{found.id}/answer", data={"word": Word.ROUTINE})
    page = viewer.get(f"/uploads/{found.id}").text
    assert "It was a routine" in page
    assert "<form" not in page
    assert f"/uploads/{found.id}/evidence" not in page
    assert viewer.post(f"/uploads/{found.id}/answer", data={"word": ""}).status_code == 403
