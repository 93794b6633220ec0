# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.limits import USERS
from tests.web.conftest import OWNER, PASSWORD, VIEWER
from web.accounts import Accounts, AccountsError, Role


def test_a_user_is_checked_by_name_and_password(accounts: Accounts) -> None:
    """The right password of the right name, and no other."""
    assert (user := accounts.users.check(OWNER.lower(), PASSWORD)) is not None
    assert (user.name, user.role) == (OWNER, Role.OWNER)
    assert accounts.users.check(OWNER, f"{PASSWORD} ") is None
    assert accounts.users.check("Mallory", PASSWORD) is None


def test_no_password_is_kept(accounts: Accounts) -> None:
    """What is kept is scrypt's hash, salted: two with one password differ."""
    kept = [user.password for user in accounts.users.all()]
    assert all(each.startswith("scrypt:32768:8:1$") for each in kept)
    assert len(set(kept)) == 2
    assert PASSWORD not in "".join(kept)


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_short_and_endless_passwords_are_refused(accounts: Accounts, password: str) -> None:
    """A password has ten characters at least, and an end."""
    with pytest.raises(AccountsError, match="A password"):
        accounts.users.add("Eve", Role.VIEWER, password, 0.0)
    with pytest.raises(AccountsError, match="A password"):
        accounts.users.set_password(OWNER, password)


@pytest.mark.parametrize("name", ["", " Eve", "E\nve", "x" * 41, OWNER.upper()])
def test_names_are_names_and_stand_once(accounts: Accounts, name: str) -> None:
    """A name can be read, is short, and is nobody else's, whatever the capitals."""
    with pytest.raises(AccountsError):
        accounts.users.add(name, Role.VIEWER, PASSWORD, 0.0)


def test_a_new_password_ends_all_sessions_of_who_has_it(accounts: Accounts) -> None:
    """Whoever had the old one, and came in by it, is out; others stay."""
    mine, theirs = (accounts.sessions.begin(name, "Firefox", 0.0) for name in (OWNER, VIEWER))
    accounts.users.set_password(OWNER, "another password")
    assert accounts.sessions.who(mine, 1.0) is None
    assert accounts.sessions.who(theirs, 1.0) is not None
    assert accounts.users.check(OWNER, PASSWORD) is None
    assert accounts.users.check(OWNER, "another password") is not None


def test_somebody_always_owns_the_house(accounts: Accounts) -> None:
    """The last owner can neither go nor become a viewer."""
    with pytest.raises(AccountsError, match="only owner"):
        accounts.users.remove(OWNER)
    with pytest.raises(AccountsError, match="only owner"):
        accounts.users.set_role(OWNER, Role.VIEWER)
    accounts.users.set_role(VIEWER, Role.OWNER)
    accounts.users.remove(OWNER)
    assert [user.name for user in accounts.users.all()] == [VIEWER]
    with pytest.raises(AccountsError, match="no user called"):
        accounts.users.remove(OWNER)


def test_who_is_removed_is_out(accounts: Accounts) -> None:
    """Their sessions end with them, and do not come back with somebody of the same name."""
    token = accounts.sessions.begin(VIEWER, "Firefox", 0.0)
    accounts.users.remove(VIEWER)
    accounts.users.add(VIEWER, Role.OWNER, PASSWORD, 0.0)
    assert accounts.sessions.who(token, 1.0) is None


def test_a_house_has_room_for_so_many(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are at most USERS users."""
    monkeypatch.setattr("web.accounts.users.hashed", lambda _: "x")
    for number in range(USERS - 2):
        accounts.users.add(f"guest {number}", Role.VIEWER, PASSWORD, 0.0)
    with pytest.raises(AccountsError, match=f"{USERS} users"):
        accounts.users.add("one more", Role.VIEWER, PASSWORD, 0.0)
