# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

from appliance.diary.entries import entries
from appliance.events import Finding, Service, Tell
from appliance.household import Choices, Loudness
from appliance.ledger import Reader
from appliance.notify.news import of_entry, of_finding
from appliance.settings import Paths
from tests.notify.making import NOON, RULES


def test_a_verdict_is_news(lived: Path) -> None:
    """It says what was judged, of whom, how much, and what it rests on; the household may say how loudly."""
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        entry = next(each for each in entries(reader) if each.verdict.upload and each.verdict.final)
    plain = of_entry(entry, Choices())
    assert (plain.id, plain.kind, plain.device) == (str(entry.id), entry.verdict.verdict, entry.verdict.device)
    assert (plain.tell, plain.over, len(plain.sentences)) == (entry.verdict.tell, True, len(entry.verdict.evidence))
    loud = Choices(loudness=(Loudness(verdict=entry.verdict.verdict, tell=Tell.URGENT),))
    assert of_entry(entry, loud).tell is Tell.URGENT


def test_a_finding_is_news_and_so_is_its_end() -> None:
    """Both have one name, and the rules say how loudly."""
    begin = Finding(10.0, None, Service.HUB, "capture-gone", None, "The capture is gone.")
    end = Finding(10.0, 70.0, Service.HUB, "capture-gone", None, "The capture was gone.")
    first, second = (of_finding(each, NOON, RULES) for each in (begin, end))
    assert first.id == second.id
    assert (first.tell, first.over, second.over, second.seconds) == (Tell.ALERT, False, True, 60.0)
