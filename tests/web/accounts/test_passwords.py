# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from werkzeug.security import check_password_hash

from web.accounts import passwords


def test_a_missing_user_takes_as_much_work_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no such user a hash of nobody's is checked, so that the time tells nothing; it never fits."""
    worked: list[str] = []

    def check(kept: str, typed: str) -> bool:
        worked.append(kept)
        return check_password_hash(kept, typed)

    monkeypatch.setattr(passwords, "check_password_hash", check)
    assert not passwords.matches(None, "")
    kept = passwords.hashed("correct horse")
    assert not passwords.matches(kept, "wrong horse")
    assert passwords.matches(kept, "correct horse")
    assert [each.split("$")[0] for each in worked] == ["scrypt:32768:8:1"] * 3
    assert len(worked[0].split("$")[2]) == len(kept.split("$")[2])
