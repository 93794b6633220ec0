# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.limits import SESSION_S, SESSIONS, USE_NOTED_S
from tests.web.conftest import OWNER, VIEWER
from web.accounts import Accounts, Role


def test_a_session_is_known_by_its_token_alone(accounts: Accounts, tmp_path: Path) -> None:
    """Whoever has the token is who logged in; the file has neither it nor what it could be made from."""
    token = accounts.sessions.begin(OWNER, "Firefox", 100.0)
    person = accounts.sessions.who(token, 101.0)
    assert person is not None
    assert (person.name, person.role, person.scope) == (OWNER, Role.OWNER, None)
    assert len(token) >= 43, "256 random bits"
    assert token not in (tmp_path / "accounts.json").read_text()
    for wrong in ("", token[:-1], person.session, f"{token}x"):
        assert accounts.sessions.who(wrong, 101.0) is None


def test_a_session_ends_after_30_days(accounts: Accounts) -> None:
    """However much it is used; one begun before a clock was set right goes on."""
    token = accounts.sessions.begin(OWNER, "Firefox", 100.0)
    assert accounts.sessions.who(token, 100.0 + SESSION_S) is not None
    assert accounts.sessions.who(token, 101.0 + SESSION_S) is None
    assert accounts.sessions.who(token, -500.0) is not None
    assert accounts.sessions.of(OWNER, 101.0 + SESSION_S) == []


def test_sessions_are_listed_and_ended_by_whose_they_are(accounts: Accounts) -> None:
    """One sees one's own, the last used first, and ends them one by one; nobody else's."""
    first, second = accounts.sessions.begin(OWNER, "Firefox", 1.0), accounts.sessions.begin(OWNER, "Edge", 2.0)
    theirs = accounts.sessions.begin(VIEWER, "Chrome", 3.0)
    assert [session.browser for session in accounts.sessions.of(OWNER, 4.0)] == ["Edge", "Firefox"]
    accounts.sessions.end(accounts.sessions.of(VIEWER, 4.0)[0].id, OWNER)
    assert accounts.sessions.who(theirs, 4.0) is not None
    accounts.sessions.end(accounts.sessions.of(OWNER, 4.0)[0].id, OWNER)
    assert accounts.sessions.who(second, 4.0) is None
    assert accounts.sessions.who(first, 4.0) is not None


def test_its_last_use_is_noted_now_and_then(accounts: Accounts, tmp_path: Path) -> None:
    """So that not every request writes the file."""
    token = accounts.sessions.begin(OWNER, "Firefox", 0.0)
    before = (tmp_path / "accounts.json").stat().st_ino
    accounts.sessions.who(token, USE_NOTED_S)
    assert (tmp_path / "accounts.json").stat().st_ino == before
    accounts.sessions.who(token, USE_NOTED_S + 1)
    assert accounts.sessions.of(OWNER, USE_NOTED_S + 1)[0].seen == USE_NOTED_S + 1


def test_the_longest_unused_makes_room(accounts: Accounts) -> None:
    """There are at most SESSIONS; a new one always finds room, even where the clock went back."""
    oldest = accounts.sessions.begin(OWNER, "the first", 10.0)
    for number in range(SESSIONS - 1):
        accounts.sessions.begin(OWNER, str(number), 20.0 + number)
    newest = accounts.sessions.begin(OWNER, "the last", 5.0)
    assert len(accounts.sessions.of(OWNER, 200.0)) == SESSIONS
    assert accounts.sessions.who(oldest, 200.0) is None
    assert accounts.sessions.who(newest, 200.0) is not None
