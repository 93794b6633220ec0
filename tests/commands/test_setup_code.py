# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from click.testing import CliRunner

from appliance.cli import main
from appliance.commands.setup_code import _invitation
from appliance.settings import WebSettings
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


def test_where_to_type_it_is_told_to_who_asks(tmp_path: Path) -> None:
    """Name and private addresses are links, and a phone can photograph one of them, but not the loopback one."""
    (tmp_path / "earwitness.toml").write_text(f'[paths]\nstate = "{tmp_path}"\n[web]\nnames = ["witness.lan"]\n')
    code = Accounts(tmp_path).code.make()
    said = CliRunner().invoke(main, ["setup-code", "--qr", "--settings", str(tmp_path / "earwitness.toml")]).output
    assert f"this code:  {code}" in said
    assert "http://witness.lan" in said
    assert "127.0.0.1" not in said
    assert "\N{FULL BLOCK}" in said or "\N{LOWER HALF BLOCK}" in said


def test_the_phone_gets_an_address_of_the_home() -> None:
    """What only this machine or the world would reach is no way in."""
    addresses = ["127.0.0.1", "169.254.3.4", "192.168.1.5", "9.9.9.9", "fe80::1"]
    said = _invitation("abcd-efgh", WebSettings(names=("witness.lan",), port=8080), addresses, None)
    assert "Open http://witness.lan:8080 or http://192.168.1.5:8080\n" in said
    assert "switched off" in _invitation("abcd-efgh", WebSettings(serve=False), addresses, None)


def test_earwitness_local_is_named_where_it_leads_here() -> None:
    """Not where another machine has that name, nor twice where it is the machine's own."""
    pi, named = WebSettings(names=("raspberrypi.local",)), WebSettings(names=("earwitness.local",))
    for web, found, places in (
        (pi, "192.168.1.5", "http://raspberrypi.local or http://earwitness.local or http://192.168.1.5"),
        (pi, "192.168.1.9", "http://raspberrypi.local or http://192.168.1.5"),
        (pi, None, "http://raspberrypi.local or http://192.168.1.5"),
        (named, "192.168.1.5", "http://earwitness.local or http://192.168.1.5"),
    ):
        assert f"Open {places}\n" in _invitation("abcd-efgh", web, ["127.0.0.1", "192.168.1.5"], found)
