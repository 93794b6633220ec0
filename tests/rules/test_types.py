# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from pydantic import TypeAdapter, ValidationError

from appliance.rules.types import Count, Id, Rule, Seconds


@pytest.mark.parametrize("text", ["amazon-echo", "a", "echo_2-x"])
def test_ids_are_plain(text: str) -> None:
    """An id is small letters, digits and single hyphens or underscores."""
    assert TypeAdapter(Id).validate_python(text) == text


@pytest.mark.parametrize("text", ["", "A", "-a", "a--b", "a b", "a\n", "ä", "a" * 65])
def test_other_ids_are_refused(text: str) -> None:
    """Nothing else is an id, so ids are safe in file names, pages and logs."""
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(text)


@pytest.mark.parametrize("value", ["1.5", True, -1, float("nan"), float("inf"), None])
def test_seconds_are_numbers(value: object) -> None:
    """Text, switches, negative and endless times are mistakes, not seconds."""
    with pytest.raises(ValidationError):
        TypeAdapter(Seconds).validate_python(value)


def test_counts_begin_at_one() -> None:
    """A detector that needs nothing would always fire."""
    with pytest.raises(ValidationError):
        TypeAdapter(Count).validate_python(0)


def test_a_rule_needs_its_source() -> None:
    """A figure that nobody can check is no rule; and no key is ignored in silence."""
    for wrong in ({"id": "a"}, {"id": "a", "source": ""}, {"id": "a", "source": "x", "sauce": "y"}):
        with pytest.raises(ValidationError):
            Rule.model_validate(wrong)
