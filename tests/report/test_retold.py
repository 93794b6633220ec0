# SPDX-License-Identifier: GPL-2.0-or-later
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.diary.entries import entries
from appliance.health import Disk, Machine, Reading
from appliance.health.power import power
from appliance.health.services import services
from appliance.health.storage import storage
from appliance.language import Language, speak
from appliance.ledger import Reader
from appliance.report.retold import retold
from appliance.settings import Paths
from appliance.speakers.inventory import EarEntry, Inventory
from appliance.status import CaptureStatus, PortStatus
from tests.conftest import ROOT


class Marked(Language):
    """A language in which every sentence can be told from English, and numbers have a comma."""

    def text(self, text: str) -> str:
        """Return the sentence between marks."""
        return f"«{text}»"

    def number(self, number: float, digits: int = 0) -> str:
        """Return a number as in German."""
        return f"{number:.{digits}f}".replace(".", ",")

    def percent(self, share: float) -> str:
        """Return a share as in German."""
        return f"{share * 100:.0f} %"


@pytest.fixture
def marked() -> Iterator[None]:
    """Speak it for the time of a test."""
    speak(Marked())
    yield
    speak()


def test_in_english_nothing_changes(lived: Path) -> None:
    """What the judge wrote is told in the same words, to the letter."""
    reader = Reader(Paths(state=lived / "state").ledger)
    texts = {evidence.text for each in entries(reader) for evidence in each.verdict.evidence}
    reader.close()
    assert len(texts) > 20
    assert {retold(text) for text in texts} == texts


@pytest.mark.usefixtures("marked")
def test_every_sentence_of_the_judge_is_known(lived: Path) -> None:
    """Whatever the judge wrote in a simulated morning, another language has it too."""
    reader = Reader(Paths(state=lived / "state").ledger)
    texts = {evidence.text for each in entries(reader) for evidence in each.verdict.evidence}
    reader.close()
    assert [text for text in texts if not retold(text).startswith("«")] == []


@pytest.mark.usefixtures("marked")
def test_figures_are_written_in_the_readers_way() -> None:
    """Numbers go by the language, names stay as they are, also those that look like a place to fill in."""
    assert retold("Of the 5 s around its start, {ear} listened to 97%.") == (
        "«Of the 5 s around its start, {ear} listened to 97 %.»"
    )
    assert retold("1,204 bytes went up.") == "«1204 bytes went up.»"
    assert retold("Its wake word, “a, b”, was heard by c at -1.2 s, score 0.96.") == (
        "«Its wake word, “a, b”, was heard by c at -1,2 s, score 0,96.»"
    )


@pytest.mark.usefixtures("marked")
def test_titles_of_jobs_are_told_each() -> None:
    """A list of our own phrases is translated phrase by phrase; one may have a comma."""
    assert retold("This was not done when it should have been: Drops a, if b; Renews c.") == (
        "«This was not done when it should have been: «Drops a, if b»; «Renews c».»"
    )


@given(st.text(max_size=900))
def test_any_text_is_told(text: str) -> None:
    """A sentence that nobody knows stands as it is, and none takes long."""
    assert retold(text) == text


@given(st.text(max_size=200), st.text(max_size=200))
def test_names_are_kept(word: str, ear: str) -> None:
    """Whatever a word or an ear is called, English comes out as it went in."""
    text = f"The name “{word}” was heard by {ear}, and nothing was uploaded."
    assert retold(text) == text


@pytest.mark.usefixtures("marked")
def test_how_an_update_ends_is_known() -> None:
    """What install.sh tells the page has each language, but for reasons that only a person at the machine can mend."""
    script = (ROOT / "install.sh").read_text(encoding="utf-8")
    told = re.findall(r'(?:tell refused |words=|said=)"(?:\$\{said:-)?(Th[^"]*?\.)\}?"', script)
    assert len(told) == 6
    assert [words for words in told if not retold(words).startswith("«")] == []


@pytest.mark.usefixtures("marked")
def test_the_sentences_of_the_checks_are_known() -> None:
    """What takes the witness's sight is told in the reader's language too, and what to do about it."""
    dark = CaptureStatus(
        service="capture",
        boot="boot",
        time=1000.0,
        started_at=0.0,
        pid=1,
        state="watching",
        version="",
        placement="bridge",
        watch="speakers",
        covered_since=0.0,
        covered_until=100.0,
        ports=(PortStatus(interface="eth0", present=True, up=True, carrier=False),),
    )
    machine = Machine(0.0, synchronised=True, running=frozenset({1}), disk=Disk(1, 10**9, read_only=True))
    machine = replace(machine, celsius=99.0, under_voltage=True, throttled=True)
    reading = Reading("boot", 1000.0, machine, dark, inventory=Inventory(ears=(EarEntry(name="desk"),)), backlog=12)
    troubles = [*services(reading), *storage(reading), *power(machine)]
    assert len(troubles) > 5
    for trouble in troubles:
        assert retold(trouble.text).startswith("«"), trouble.text
        assert retold(trouble.remedy).startswith("«"), trouble.remedy
