# SPDX-License-Identifier: GPL-2.0-or-later
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance.cli import main
from web.accounts import Accounts, AccountsError, Role

OLD, NEW = "the old password", "the new password"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "earwitness.toml").write_text(f'[paths]\nstate = "{tmp_path}"\n')
    Accounts(tmp_path).users.add("Ada", Role.OWNER, OLD, 0.0)
    return tmp_path


def accounts(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["accounts", *words, "--settings", str(folder / "earwitness.toml")], input=typed)


def test_a_forgotten_password_is_replaced(folder: Path) -> None:
    """Whoever is root gives a user another one, twice typed; the hub beside knows it at once, and sessions end."""
    hub = Accounts(folder)
    session = hub.sessions.begin("Ada", "Firefox", 0.0)
    done = accounts(folder, "password", "ada", typed=f"{NEW}\n{NEW}\n")
    assert (done.exit_code, NEW in done.output) == (0, False)
    assert hub.users.check("Ada", NEW) is not None
    assert hub.sessions.who(session, 1.0) is None


def test_what_cannot_be_is_said(folder: Path) -> None:
    """No such user, a password that is too short, two that differ: nothing is changed."""
    for name, typed in (("Eve", f"{NEW}\n{NEW}\n"), ("Ada", "short\nshort\n"), ("Ada", f"{NEW}\n{OLD}\n")):
        assert accounts(folder, "password", name, typed=typed).exit_code != 0
    assert Accounts(folder).users.check("Ada", OLD) is not None


def test_the_hub_can_read_what_root_wrote(folder: Path) -> None:
    """The file stays with whoever has the folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can write for somebody else")
    os.chown(folder, 65_534, 65_534)
    os.chown(folder / "accounts.json", 65_534, 65_534)
    try:
        for above in folder.parents:
            if above.name.startswith(("pytest-", "popen-", "test_")):
                above.chmod(0o755)  # so that nobody comes as far as the folder
        done = accounts(folder, "password", "Ada", typed=f"{NEW}\n{NEW}\n")
    finally:
        os.seteuid(0)
        os.setegid(0)
    assert done.exit_code == 0, done.output
    assert (folder / "accounts.json").stat().st_uid == 65_534


def test_users_are_listed(folder: Path) -> None:
    """Each with what they may do."""
    assert accounts(folder, "list").output == "owner   Ada\n"


def test_beginning_anew_keeps_what_was(folder: Path) -> None:
    """The file is set aside, after a question, also when it is damaged."""
    assert accounts(folder, "reset", typed="n\n").exit_code == 1
    (folder / "accounts.json").write_text("{")
    with pytest.raises(AccountsError):
        Accounts(folder)
    assert accounts(folder, "reset", "--yes").exit_code == 0
    assert not Accounts(folder).users.owned()
    assert [each.read_text() for each in folder.glob("accounts.json.aside-*")] == ["{"]


def test_without_a_state_folder_there_is_nobody(tmp_path: Path) -> None:
    """Where the hub never ran the command says so."""
    (tmp_path / "earwitness.toml").write_text(f'[paths]\nstate = "{tmp_path}/nowhere"\n')
    refused = accounts(tmp_path, "list")
    assert refused.exit_code == 2
    assert "nowhere" in refused.output
