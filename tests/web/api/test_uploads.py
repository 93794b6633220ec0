# SPDX-License-Identifier: GPL-2.0-or-later
from typing import Any

import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from appliance.events import Service
from appliance.ledger import open_ledger
from appliance.ledger.rows import VERDICT
from appliance.report.jsonl import verdict_part
from web.house import House


def pages(client: FlaskClient, limit: int, **query: str) -> list[dict[str, Any]]:
    """Follow the cursor to the end."""
    items, cursor = [], None
    while True:
        asked = {"limit": limit, **query} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/uploads", query_string=asked).get_json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if (cursor := page["next"]) is None:
            return items


def test_every_entry_is_told(reading: FlaskClient, house: House) -> None:
    """The list has every entry of the diary, newest first, with the verdict as the contract has it."""
    with house.reader() as reader:
        every = entries(reader)
    found = pages(reading, 200)
    assert [each["id"] for each in found] == [each.id for each in every]
    assert [each["verdict"] for each in found] == [verdict_part(each.verdict).model_dump(mode="json") for each in every]
    assert all(each["simulated"] for each in found)
    assert {bool(each["upload"]) for each in found} == {each.verdict.upload is not None for each in every}


def judged_again(house: House) -> None:
    """Put new verdicts into the ledger: some of the old ones, as if they had come some weeks later."""
    with house.reader() as reader:
        (_, verdict), *_ = reader.facts(VERDICT, "WHERE upload IS NOT NULL AND final ORDER BY id")
        assert verdict.upload is not None
    ledger = open_ledger(house.settings.paths.ledger, service=Service.HUB, now=0.0)
    boot = ledger.begin(f"later {house.now()}", 0.0)
    ledger.write(boot, [verdict])
    ledger.close()


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_page_after_page_each_comes_once_while_more_comes_in(reading: FlaskClient, house: House, limit: int) -> None:
    """Whatever the size of a page, and whatever is judged meanwhile: each entry there was comes exactly once."""
    before = [each["id"] for each in pages(reading, 200)]
    items: list[int] = []
    cursor = None
    for _ in range(len(before)):
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = reading.get("/api/v1/uploads", query_string=query).get_json()
        items += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        judged_again(house)
    assert items == before
    assert [each["id"] for each in pages(reading, 200)][-len(before) :] == before


def test_filters(reading: FlaskClient) -> None:
    """Speaker, verdicts and time narrow the list; a time is seconds, or a date with its zone."""
    every = pages(reading, 200)
    device, verdict = every[0]["verdict"]["device"], every[-1]["verdict"]["verdict"]
    assert pages(reading, 2, speaker=device) == [each for each in every if each["verdict"]["device"] == device]
    assert pages(reading, 2, verdict=verdict) == [each for each in every if each["verdict"]["verdict"] == verdict]
    middle = every[len(every) // 2]
    seconds = middle["upload"]["started_at"] if middle["upload"] else middle["verdict"]["wake"]["time"]
    later = every[: len(every) // 2 + 1]
    assert pages(reading, 2, since=repr(seconds)) == later
    assert pages(reading, 2, until=repr(seconds)) == every[len(later) :]
    assert pages(reading, 2, since=middle["at"])[:-1] == later[:-1]
    assert pages(reading, 2, since="2026-01-01T00:00:00+01:00", until="2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        (f"cursor={2**63}", "cursor"),
        ("since=2026-01-01T00:00:00", "since"),
        ("since=nan", "since"),
        ("until=inf", "until"),
        ("verdict=guilty", "verdict"),
        ("speaker=AA:BB:CC:DD:EE:FF", "speaker"),
        ("colour=red", "colour"),
    ],
)
def test_what_cannot_be_is_told(reading: FlaskClient, query: str, parameter: str) -> None:
    """A parameter that is none, or cannot be so, is named in a problem."""
    refused = reading.get(f"/api/v1/uploads?{query}")
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert [each["parameter"] for each in refused.get_json()["errors"]] == [parameter]


def test_one_with_its_capture(reading: FlaskClient, house: House) -> None:
    """One upload is told as in the list, with what is kept of it; where there is none such, that is said."""
    with house.reader() as reader:
        some = next(each for each in entries(reader) if each.verdict.upload)
    told = reading.get(f"/api/v1/uploads/{some.id}").get_json()
    capture = told.pop("capture")
    assert told in pages(reading, 200)
    assert capture is None or capture["bytes"] > 0
    assert reading.get("/api/v1/uploads/999999999").status_code == 404
    assert reading.get("/api/v1/uploads/x").status_code == 404


def test_an_answer(control: FlaskClient, house: House) -> None:
    """What a person says of it is kept and told, can be said anew, and taken back."""
    with house.reader() as reader:
        some = next(each for each in entries(reader) if each.verdict.device)
    place = f"/api/v1/uploads/{some.id}"
    assert control.put(f"{place}/answer", json={"word": "button"}).get_json()["word"] == "button"
    assert control.put(f"{place}/answer", json={"word": "nobody"}).get_json()["word"] == "nobody"
    assert control.get(place).get_json()["answer"]["word"] == "nobody"
    assert [(each.verdict, each.word) for each in house.registry.inventory.answers] == [(some.key, "nobody")]
    assert control.delete(f"{place}/answer").status_code == 204
    assert control.get(place).get_json()["answer"] is None
    refused = control.put(f"{place}/answer", json={"word": "aliens"})
    assert refused.get_json()["errors"][0]["pointer"] == "#/word"
    assert control.put("/api/v1/uploads/999999999/answer", json={"word": "button"}).status_code == 404


def test_readers_change_nothing(reading: FlaskClient, house: House) -> None:
    """A program that may read may not answer."""
    with house.reader() as reader:
        some = entries(reader)[0]
    assert reading.put(f"/api/v1/uploads/{some.id}/answer", json={"word": "button"}).status_code == 403
    assert not house.registry.inventory.answers


def test_the_ledger_may_be_unreadable(reading: FlaskClient, house: House) -> None:
    """Where the ledger cannot be read, programs are told so, and when to come back."""
    house.settings.paths.ledger.write_bytes(b"nonsense" * 1000)
    for beside in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (house.settings.paths.ledger.parent / beside).unlink(missing_ok=True)
    refused = reading.get("/api/v1/uploads")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert refused.content_type == "application/problem+json"
