# SPDX-License-Identifier: GPL-2.0-or-later
import stat
from pathlib import Path

from web.accounts.code import SetupCode


def test_the_code_is_made_once_and_told_to_who_may_read_the_file(tmp_path: Path) -> None:
    """It stays the same until it was used, in a file that nobody else can read."""
    path = tmp_path / "setup-code"
    code = SetupCode(path).make()
    assert SetupCode(path).make() == SetupCode(path).read() == code
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    SetupCode(path).drop()
    SetupCode(path).drop()
    assert SetupCode(path).read() is None
    assert SetupCode(path).make() != code


def test_the_code_may_be_typed_as_one_likes(tmp_path: Path) -> None:
    """Capitals, spaces and dashes do not matter; everything else does."""
    code = SetupCode(tmp_path / "setup-code")
    made = code.make()
    for typed in (made, made.upper(), made.replace("-", ""), f" {made.replace('-', ' ')} "):
        assert code.fits(typed)
    for typed in ("", made[:-1], f"{made}a", "-"):
        assert not code.fits(typed)


def test_without_a_code_nothing_fits(tmp_path: Path) -> None:
    """Not even nothing."""
    code = SetupCode(tmp_path / "setup-code")
    assert not code.fits("")
    (tmp_path / "setup-code").write_bytes(b"\n")
    assert not code.fits("")
    (tmp_path / "setup-code").write_bytes(b"\xff")
    assert not code.fits("\xff")
