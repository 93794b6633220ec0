# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from web.accounts.key import DemoKey


def test_the_key_opens_once(tmp_path: Path) -> None:
    """Who comes with it first gets in; after that it is nobody's, and another is another."""
    key = DemoKey(tmp_path).make()
    assert not DemoKey(tmp_path).taken
    assert DemoKey(tmp_path).take(key)
    assert DemoKey(tmp_path).taken
    assert not DemoKey(tmp_path).take(key)
    assert DemoKey(tmp_path).make() != key


@pytest.mark.parametrize("shown", ["", "x", "é", "\ud800", "\0", "a" * 5_000])
def test_nothing_else_is_the_key(tmp_path: Path, shown: str) -> None:
    """Whatever somebody shows, the key stays for whom it is meant."""
    key = DemoKey(tmp_path)
    made = key.make()
    assert not key.take(shown)
    assert not key.take(made[:-1])
    assert key.take(made)


def test_where_no_key_was_made_nothing_opens(tmp_path: Path) -> None:
    """An empty secret is no secret."""
    assert not DemoKey(tmp_path).take("")
