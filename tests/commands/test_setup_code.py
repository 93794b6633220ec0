# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from click.testing import CliRunner

from appliance.cli import main
from web.accounts import Accounts


def test_the_code_is_told_to_whoever_is_at_the_machine(tmp_path: Path) -> None:
    """It is printed as the first page asks for it, until there is an owner."""
    (tmp_path / "earwitness.toml").write_text(f'[paths]\nstate = "{tmp_path}"\n')
    command = ["setup-code", "--settings", str(tmp_path / "earwitness.toml")]
    accounts = Accounts(tmp_path)
    code = accounts.code.make()
    assert CliRunner().invoke(main, command).output == f"{code}\n"
    accounts.code.drop()
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2
    assert "has an owner already" in refused.output
