# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.limits import TOKENS
from web.accounts import Accounts, AccountsError, Scope


def test_a_token_is_told_once(accounts: Accounts, tmp_path: Path) -> None:
    """Whoever has it is the program; the file has only its digest, and when it was last used."""
    secret = accounts.tokens.add("Grafana", Scope.METRICS, 5.0)
    assert secret.startswith("ew_")
    assert secret not in (tmp_path / "accounts.json").read_text()
    assert accounts.tokens.all()[0].used is None
    person = accounts.tokens.who(secret, 6.0)
    assert person is not None
    assert (person.name, person.role, person.scope) == ("Grafana", None, Scope.METRICS)
    assert accounts.tokens.all()[0].used == 6.0
    assert accounts.tokens.who(secret[:-1], 6.0) is None


def test_a_revoked_token_is_good_for_nothing(accounts: Accounts) -> None:
    """From the next request on."""
    secret = accounts.tokens.add("Grafana", Scope.METRICS, 5.0)
    accounts.tokens.revoke(accounts.tokens.all()[0].id)
    assert accounts.tokens.who(secret, 6.0) is None
    assert accounts.tokens.all() == ()


def test_tokens_have_names_of_their_own(accounts: Accounts) -> None:
    """So that one knows later which to revoke."""
    accounts.tokens.add("Grafana", Scope.METRICS, 5.0)
    for name in ("Grafana", "", "\x00"):
        with pytest.raises(AccountsError):
            accounts.tokens.add(name, Scope.READ, 5.0)


def test_there_is_room_for_so_many(accounts: Accounts) -> None:
    """There are at most TOKENS tokens."""
    for number in range(TOKENS):
        accounts.tokens.add(str(number), Scope.READ, 0.0)
    with pytest.raises(AccountsError, match=f"{TOKENS} tokens"):
        accounts.tokens.add("one more", Scope.READ, 0.0)
