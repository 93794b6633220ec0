# SPDX-License-Identifier: GPL-2.0-or-later
import json

import pytest
from flask import Flask

from appliance.events import Correction, Device, Finding, Service, Speech, Upload, Verdict, Wake
from appliance.ledger import open_ledger
from appliance.ledger.mend import restored
from appliance.ledger.rows import VERDICT, Fact
from appliance.limits import STREAM_RING
from web.api.events import stream_of
from web.house import House
from web.news import News, Reporter

WALL = 1_800_000_000.0


def happens(house: House, service: Service, *facts: Fact) -> None:
    """Write facts of a boot whose clock is known."""
    ledger = open_ledger(house.settings.paths.ledger, service=service, now=0.0)
    ledger.write(ledger.begin("later", 0.0), facts)
    ledger.close()


@pytest.fixture
def verdict(house: House) -> Verdict:
    """Some verdict of the simulated morning."""
    with house.reader() as reader:
        return reader.facts(VERDICT, "WHERE upload IS NOT NULL AND final ORDER BY id")[0][1]


def test_everything_new_is_told_once(house: House, verdict: Verdict) -> None:
    """Each kind of fact is told once as it comes, by the clock on the wall, and what was there before is not."""
    upload = verdict.upload
    assert upload is not None
    begun = Upload(**{name: getattr(upload, name) for name in Upload.__slots__} | {"time": 10.0, "ended_at": None})
    with house.reader() as reader:
        news = News(reader)
        assert list(news.look()) == []
        happens(house, Service.CAPTURE, Correction(0.0, WALL, synchronised=True), begun)
        happens(house, Service.CAPTURE, Device(11.0, "aa:bb:cc:dd:ee:ff", None, None, None, "<b>", 0.0, ()))
        happens(house, Service.EARS, Wake(12.0, "mic", "alexa", 0.9), Speech(12.0, 13.0, "mic"))
        happens(house, Service.HUB, Finding(14.0, None, Service.HUB, "disk-full", None, "Full."), verdict)
        told = [(kind, json.loads(data)) for kind, data in news.look()]
        assert list(news.look()) == []
    assert sorted(kind for kind, _ in told) == ["device", "finding", "speech", "upload", "verdict", "wake"]
    found = dict(told)
    assert found["wake"]["time"] == WALL + 12
    assert found["speech"]["ended_at"] == WALL + 13
    assert found["finding"]["started_at"] == WALL + 14
    assert found["upload"]["ended"] is False
    assert found["device"]["name"] == "<b>"
    assert found["verdict"]["verdict"]["rules"] == verdict.rules
    assert not any(data.get("simulated") for _, data in told)


def test_of_too_much_the_newest_is_told(house: House) -> None:
    """Of more than listeners can be told again, the newest is told, and how much was left out."""
    with house.reader() as reader:
        news = News(reader)
        happens(house, Service.EARS, *(Wake(float(at), "mic", "alexa", 0.9) for at in range(STREAM_RING + 5)))
        told = list(news.look())
    assert told[0] == ("missed", '{"missed":5}')
    assert len(told) == STREAM_RING + 1


def test_whatever_goes_wrong_is_said_and_tried_again(
    app: Flask, house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    """A fault of ours is in the journal, and those who listen hear of what comes when it is gone."""
    stream, reporter = stream_of(app.extensions), Reporter(app, house)
    kept = app.extensions.pop("earwitness")  # so that how things are cannot be told
    listener = stream.listen()
    reporter.start()
    try:
        said = ""
        for _ in range(600):
            if "could not be told" in (said := said + capfd.readouterr().err):
                break
            reporter._ending.wait(0.05)
        assert "could not be told" in said
        app.extensions["earwitness"] = kept
        assert any(b"event: status" in words for words in listener)
    finally:
        reporter.close()


def test_how_things_are_is_told_in_the_readers_language(app: Flask, house: House) -> None:
    """Two who listen hear the same in their own languages, though nobody asked for a page."""
    stream, reporter = stream_of(app.extensions), Reporter(app, house)
    listeners = {language: stream.listen(None, language) for language in ("en", "de")}
    reporter.start()
    try:
        said = {}
        for language, listener in listeners.items():
            told = next(words.decode() for words in listener if b"event: status" in words)
            said[language] = json.loads(told.partition("data: ")[2])["text"]
    finally:
        reporter.close()
    assert said == {"en": "Simulated", "de": "Simuliert"}


def test_a_ledger_that_is_replaced_is_followed(app: Flask, house: House) -> None:
    """What is put back from a backup is another file: news come from it, and not from the one that is gone."""
    path, stream = house.settings.paths.ledger, stream_of(app.extensions)
    reporter = Reporter(app, house)

    def hear() -> None:
        told = stream._told
        for at in range(200):
            happens(house, Service.EARS, Wake(float(at), "mic", "alexa", 0.9))
            if stream._told > told:
                return
            reporter._ending.wait(0.1)
        pytest.fail("nothing is told")

    reporter.start()
    try:
        hear()
        restored(path).write_bytes(path.read_bytes())
        hear()
        assert not restored(path).exists()
    finally:
        reporter.close()
