# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from appliance import events
from tests.uploads.streams import command, completed, run

FACTS: list[type[Any]] = [
    each
    for each in vars(events).values()
    if isinstance(each, type) and (is_dataclass(each) or hasattr(each, "_fields"))
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_facts_cannot_be_changed(fact: type[Any]) -> None:
    """A fact once handed on stays as it is: every class of them is frozen or a named tuple, and has a docstring."""
    assert issubclass(fact, tuple) or fact.__dataclass_params__.frozen
    assert fact.__doc__


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_facts_carry_their_moment(fact: type[Any]) -> None:
    """What happened says when, as ``time``; only what the household says of itself and what a key is made of do not."""
    names = set(getattr(fact, "_fields", ())) or {field.name for field in fields(fact)}
    timeless = {events.FlowKey, events.Ear, events.Placement, events.Evidence}
    assert ("time" in names) != (fact in timeless)


def test_an_upload_is_the_same_announced_and_completed() -> None:
    """The key of an upload is its flow and its start."""
    uploads = [fact for fact in run(command(100.0)) if isinstance(fact, events.Upload)]
    (done,) = completed(uploads)
    assert {upload.key for upload in uploads} == {(done.flow, done.started_at)}
