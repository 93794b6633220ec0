# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from tests.web.conftest import OWNER, PASSWORD
from web.accounts import Accounts, AccountsError, Role, Scope


def test_the_file_is_nobody_elses_business(tmp_path: Path) -> None:
    """It is made with a secret of the house's own, readable by the hub alone."""
    accounts = Accounts(tmp_path)
    assert len(accounts.secret) == 64
    assert Accounts(tmp_path).secret == accounts.secret
    assert stat.S_IMODE((tmp_path / "accounts.json").stat().st_mode) == 0o600


def test_what_another_process_changes_is_noticed(accounts: Accounts, tmp_path: Path) -> None:
    """The command that sets a password works beside a hub that runs, and neither loses what the other wrote."""
    accounts.tokens.add("before", Scope.READ, 0.0)
    other = Accounts(tmp_path)
    token = accounts.sessions.begin(OWNER, "Firefox", 0.0)
    other.users.set_password(OWNER, "another password")
    assert accounts.sessions.who(token, 1.0) is None
    assert accounts.users.check(OWNER, "another password") is not None
    accounts.tokens.add("after", Scope.READ, 0.0)
    assert [each.name for each in other.tokens.all()] == ["before", "after"]


def test_threads_take_turns(accounts: Accounts) -> None:
    """Eight threads change at once, and nothing of it is lost."""

    def make(name: str) -> None:
        for number in range(5):
            accounts.tokens.add(f"{name}{number}", Scope.READ, 0.0)

    threads = [Thread(target=make, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accounts.tokens.all()) == 40


@pytest.mark.parametrize(
    "damage",
    [
        *("{", "[]", '{"users": 5}', '{"users": {"1": {"name": "Eve"}}}', '{"keys": {"1": {}}}', "[" * 100_000, "\x00"),
        json.dumps({"users": {"1": {"name": "Eve", "role": "god", "password": "", "created": 0}}}),
        " " * 600_000,
    ],
)
def test_a_damaged_file_lets_nobody_in(accounts: Accounts, tmp_path: Path, damage: str) -> None:
    """It is not begun anew: whoever comes first could own the house. It stays as it is, for who mends it."""
    path = tmp_path / "accounts.json"
    path.write_text(damage)
    with pytest.raises(AccountsError, match=r"accounts\.json: "):
        Accounts(tmp_path)
    with pytest.raises(AccountsError):
        accounts.users.check(OWNER, PASSWORD)
    assert path.read_text() == damage


def test_a_disk_that_takes_nothing_changes_nothing(accounts: Accounts, tmp_path: Path) -> None:
    """What could not be written is not there, and it is said; whoever is in stays in."""
    token = accounts.sessions.begin(OWNER, "Firefox", 0.0)
    (tmp_path / "accounts.json.new").mkdir()
    with pytest.raises(AccountsError, match="nothing was changed"):
        accounts.users.add("Eve", Role.VIEWER, PASSWORD, 0.0)
    assert [user.name for user in accounts.users.all()] == [OWNER, "Bert"]
    assert accounts.sessions.who(token, 1e6) is not None
    os.rmdir(tmp_path / "accounts.json.new")  # noqa: PTH106 - what the test put there
    accounts.users.add("Eve", Role.VIEWER, PASSWORD, 0.0)
