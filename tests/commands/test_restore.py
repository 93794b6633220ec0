# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from tests.commands.running import earwitness


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    """It says what is wrong, and nothing lies ready; no passphrase is asked for in vain."""
    settings = tmp_path / "earwitness.toml"
    settings.write_text(f'[paths]\nstate = "{tmp_path}/state"\nrun = "{tmp_path}"\n')
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    done = earwitness("restore", "--settings", settings, tmp_path / "holiday.jpg")
    assert done.exit_code == 2
    assert done.stderr.startswith("earwitness: the backup cannot be used: it is damaged, or no backup")
    assert list((tmp_path / "state").iterdir()) == []
