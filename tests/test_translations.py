# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from babel.messages.catalog import Catalog, Message

from appliance.tongues import LANGUAGES
from tests.translations import compiled, extracted, missing, po, read

FOREIGN = LANGUAGES[1:]
#: What stands for something else: {name} of ours, %(name)s of Flask-Babel's.
PLACEHOLDER = re.compile(r"\{\w*#?\}|%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return extracted()


def texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, tuple | list) else [str(value)]


def placeholders(message: Message) -> tuple[set[str], list[set[str]]]:
    wanted = {found for text in texts(message.id) for found in PLACEHOLDER.findall(text)}
    return wanted, [set(PLACEHOLDER.findall(text)) for text in texts(message.string)]


@pytest.mark.parametrize("code", FOREIGN)
def test_every_sentence_is_translated(sentences: Catalog, code: str) -> None:
    """What the program says can be read in each language; python -m tests.translations finds what is new."""
    ids = {message.id for message in sentences if message.id}
    catalog = read(code)
    assert ids - {message.id for message in catalog if message.id} == set()
    assert missing(catalog) == []


@pytest.mark.parametrize("code", FOREIGN)
def test_nothing_is_translated_that_is_not_said(sentences: Catalog, code: str) -> None:
    """A sentence that is gone from the code is gone from the catalogues."""
    ids = {message.id for message in sentences if message.id}
    assert {message.id for message in read(code) if message.id} - ids == set()


@pytest.mark.parametrize("code", FOREIGN)
def test_what_stands_in_a_sentence_stands_in_its_translation(code: str) -> None:
    """A translation has the placeholders of its sentence, and no other."""
    for message in read(code):
        if message.id:
            wanted, said = placeholders(message)
            few = [each | {"{count}", "%(num)s"} for each in said]  # a form for one thing may say it in words
            assert all(each <= wanted for each in said), message.id
            assert all(wanted <= each for each in few), message.id


@pytest.mark.parametrize("code", FOREIGN)
def test_what_the_program_reads_is_what_was_written(code: str) -> None:
    """The compiled catalogue is that of the readable one: python -m tests.translations makes it."""
    assert po(code).with_suffix(".mo").read_bytes() == compiled(read(code))
