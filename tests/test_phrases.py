# SPDX-License-Identifier: GPL-2.0-or-later
import ast
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.diary.entries import entries
from appliance.language import Language, speak
from appliance.ledger import Reader
from appliance.phrases import PHRASES, again
from tests.conftest import ROOT


class Shouting(Language):
    """A language in which every sentence is in capitals, and what stands in it stays as it is."""

    def text(self, text: str) -> str:
        """Return it in capitals, but for what is in braces."""
        parts = text.split("{")
        rest = [f"{{{part.partition('}')[0]}}}{part.partition('}')[2].upper()}" for part in parts[1:]]
        return parts[0].upper() + "".join(rest)


@pytest.fixture
def shouted() -> Iterator[None]:
    speak(Shouting())
    yield
    speak()


def known(sentence: str) -> bool:
    """Whether a sentence is of a form that is known: it is shouted."""
    return again(sentence) != sentence


@pytest.mark.usefixtures("shouted")
def test_all_that_a_judge_says_is_known(lived: Path) -> None:
    """Every sentence of every verdict of a simulated morning can be said in another language."""
    with closing(Reader(lived / "state" / "ledger.sqlite")) as reader:
        sentences = {each.text for entry in entries(reader) for each in entry.verdict.evidence}
    assert len(sentences) > 50
    assert {sentence for sentence in sentences if not known(sentence)} == set()


def _sentences(room: str) -> Iterator[str]:
    """Yield the sentences that stand in a room's code as they are: they begin with a capital, end with a full stop."""
    for path in sorted((ROOT / "appliance" / room).glob("*.py")):
        tree = ast.parse(path.read_text())
        said = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _WITH_DOCSTRINGS)}
        for text in said:
            if isinstance(text, str) and text not in docs and text[:1].isupper() and text.endswith(".") and " " in text:
                yield text


_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef)


@pytest.mark.parametrize("room", ["judge", "health"])
def test_what_stands_in_the_code_is_known(room: str) -> None:
    """Every whole sentence in the judge's and the health checks' code is among the phrases."""
    said = list(_sentences(room))
    assert len(said) > 8
    assert [text for text in said if text not in PHRASES] == []


@pytest.mark.usefixtures("shouted")
@given(st.text(max_size=700))
def test_anything_may_be_in_a_ledger(text: str) -> None:
    """Whatever is read, something is said; what is of no form, as it is."""
    assert isinstance(again(text), str)


@pytest.mark.usefixtures("shouted")
def test_parts_are_said_too() -> None:
    """What stands in a sentence and is a form itself is said in the language as well; names are not."""
    said = again("Its name, “alexa”, was perhaps heard by kitchen-mic 0.9 s before it began (score 0.41).")
    assert said == "ITS NAME, “alexa”, WAS PERHAPS HEARD BY kitchen-mic 0.9 S BEFORE IT BEGAN (SCORE 0.41)."
    assert again("It went to {braces}.") == "IT WENT TO {braces}."
