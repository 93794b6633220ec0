# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.certificates import home_certificates
from tests.commands.running import earwitness


def test_the_fingerprint_is_told_at_the_machine(tmp_path: Path) -> None:
    """As phones show it; where there is none, or something else, that is said."""
    settings = tmp_path / "earwitness.toml"
    settings.write_text(f'[paths]\nstate = "{tmp_path}"\n')
    assert earwitness("certificates", "--settings", settings).exit_code == 2
    made = home_certificates(tmp_path / "certificates", ["earwitness.local"], [], 1.8e9)
    told = earwitness("certificates", "--settings", settings).output.strip()
    assert told.replace(":", "").lower() == made.fingerprint
    assert told.count(":") == 31
    made.ca_path.write_text("nonsense")
    assert earwitness("certificates", "--settings", settings).exit_code == 2
