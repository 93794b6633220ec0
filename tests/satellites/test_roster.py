# SPDX-License-Identifier: GPL-2.0-or-later
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.limits import INVITATION_S, INVITATION_TRIES, SATELLITES
from appliance.satellites.roster import Roster, RosterError

BOOT = "0000aaaa"
WRONG = "0123456789"


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster(tmp_path / "satellites.json")


def let_in(roster: Roster, name: str) -> str:
    return roster.admit(roster.invite(BOOT, 100.0), name, BOOT, 101.0, 1e9)


def test_who_knows_the_secret_gets_a_token(roster: Roster, tmp_path: Path) -> None:
    """The token is known from then on, to whoever reads the file, and nobody else's is."""
    token = let_in(roster, "bedroom")
    found = Roster(tmp_path / "satellites.json").known(token)
    assert found is not None
    assert (found.name, found.since) == ("bedroom", 1e9)
    assert roster.known("0" * 64) is None
    assert roster.known("") is None


def test_no_secret_is_in_the_file(roster: Roster, tmp_path: Path) -> None:
    """Whoever reads a backup learns neither tokens nor secrets; the file is its owner's alone."""
    secret = roster.invite(BOOT, 100.0)
    path = tmp_path / "satellites.json"
    assert secret not in path.read_text()
    token = roster.admit(secret, "bedroom", BOOT, 101.0, 1e9)
    assert token not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_invitation_is_good_once(roster: Roster) -> None:
    """The second who knows the secret is refused."""
    secret = roster.invite(BOOT, 100.0)
    roster.admit(secret, "bedroom", BOOT, 101.0, 1e9)
    with pytest.raises(RosterError, match="nobody is invited"):
        roster.admit(secret, "other", BOOT, 102.0, 1e9)


@pytest.mark.parametrize(("boot", "later"), [(BOOT, INVITATION_S), ("ffff0000", 1.0)], ids=["late", "started again"])
def test_an_invitation_ends(roster: Roster, boot: str, later: float) -> None:
    """It is void after ten minutes, and when the hub was started again."""
    secret = roster.invite(BOOT, 100.0)
    with pytest.raises(RosterError, match="nobody is invited"):
        roster.admit(secret, "bedroom", boot, 100.0 + later, 1e9)


def test_guessing_ends(roster: Roster) -> None:
    """After some wrong tries even the right secret is refused."""
    secret = roster.invite(BOOT, 100.0)
    for _ in range(INVITATION_TRIES):
        with pytest.raises(RosterError, match="not that of"):
            roster.admit(WRONG, "bedroom", BOOT, 101.0, 1e9)
    with pytest.raises(RosterError, match="nobody is invited"):
        roster.admit(secret, "bedroom", BOOT, 102.0, 1e9)


def test_a_typing_error_is_forgiven(roster: Roster) -> None:
    """One wrong try leaves the invitation good."""
    secret = roster.invite(BOOT, 100.0)
    with pytest.raises(RosterError):
        roster.admit(WRONG, "bedroom", BOOT, 101.0, 1e9)
    assert roster.admit(secret, "bedroom", BOOT, 102.0, 1e9)


def test_the_newest_invitation_counts(roster: Roster) -> None:
    """Whoever asks for a code again makes the one before it void."""
    before = roster.invite(BOOT, 100.0)
    roster.invite(BOOT, 100.0)
    with pytest.raises(RosterError):
        roster.admit(before, "bedroom", BOOT, 101.0, 1e9)


def test_revoked_is_out(roster: Roster, tmp_path: Path) -> None:
    """A token is worth nothing from the moment it is revoked, by whichever process."""
    token = let_in(roster, "bedroom")
    kept = let_in(roster, "study")
    assert Roster(tmp_path / "satellites.json").revoke("bedroom")
    assert roster.known(token) is None
    assert roster.known(kept) is not None
    assert not roster.revoke("bedroom")


def test_the_same_name_takes_its_place(roster: Roster) -> None:
    """A satellite that was set up anew is one satellite, and its former token is void."""
    before = let_in(roster, "bedroom")
    let_in(roster, "bedroom")
    assert roster.known(before) is None
    assert [each.name for each in roster.satellites] == ["bedroom"]


def test_they_are_bounded(roster: Roster) -> None:
    """A hub has so many satellites at most; the one too many is told so, and the others stay."""
    for number in range(SATELLITES):
        let_in(roster, f"room {number}")
    with pytest.raises(RosterError, match=f"has {SATELLITES} satellites"):
        let_in(roster, "one more")
    assert len(roster.satellites) == SATELLITES


@pytest.mark.parametrize("damage", [b"", b"{", b'{"satellites": 3}', b"\xff" * 100])
def test_a_damaged_file_lets_nobody_in(roster: Roster, tmp_path: Path, damage: bytes) -> None:
    """It is as if there were no satellites, and it can be begun anew."""
    token = let_in(roster, "bedroom")
    (tmp_path / "satellites.json").write_bytes(damage)
    assert roster.known(token) is None
    assert roster.known(let_in(roster, "bedroom")) is not None


def test_many_at_once(roster: Roster, tmp_path: Path) -> None:
    """Of many who know one secret, one gets in."""
    secret = roster.invite(BOOT, 100.0)

    def try_it(number: int) -> str:
        try:
            return Roster(tmp_path / "satellites.json").admit(secret, f"room {number}", BOOT, 101.0, 1e9)
        except RosterError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        (token,) = filter(None, pool.map(try_it, range(8)))
    assert [each.name for each in roster.satellites] == [getattr(roster.known(token), "name", None)]
