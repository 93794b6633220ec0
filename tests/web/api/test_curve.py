# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from appliance.diary.kept import kept
from appliance.evidence import Shelf
from web.house import House


def test_how_fast_it_went(reading: FlaskClient, house: House) -> None:
    """An upload with evidence has its bytes by tenths of a second, none long before it began; others have no curve."""
    shelf = Shelf(house.settings.paths.evidence, house.settings.evidence)
    with house.reader() as reader:
        every = entries(reader)
        with_evidence = [each for each in every if kept(reader, shelf, each)]
    some = with_evidence[-1]
    assert some.verdict.upload is not None
    told = reading.get(f"/api/v1/uploads/{some.id}/curve").get_json()
    assert told["started_at"] == some.verdict.upload.started_at
    assert len(told["up"]) == len(told["down"])
    assert told["first"] < 0 < told["step"] < 1
    began = round(-told["first"] / told["step"])
    assert 0.5 * some.verdict.upload.bytes_up < sum(told["up"][began - 1 :]) < 3 * some.verdict.upload.bytes_up
    for each in every:
        if each not in with_evidence:
            assert reading.get(f"/api/v1/uploads/{each.id}/curve").status_code == 404


def test_evidence_that_cannot_be_read(reading: FlaskClient, house: House) -> None:
    """A capture that is damaged is no error of the interface's."""
    for path in house.settings.paths.evidence.glob("*.pcapng"):
        path.write_bytes(b"nonsense")
    for upload in reading.get("/api/v1/uploads").get_json()["items"]:
        assert reading.get(f"/api/v1/uploads/{upload['id']}/curve").status_code == 404
