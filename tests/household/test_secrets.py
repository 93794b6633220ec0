# SPDX-License-Identifier: GPL-2.0-or-later
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.household import Secrets
from appliance.household.secrets import parse
from appliance.limits import SECRET_CHARACTERS


def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    """Folder and file are closed to others; a channel's fields come back whole, and are gone when dropped."""
    path = tmp_path / "secrets" / "channels.json"
    secrets = Secrets(path)
    assert secrets.of("phone") == {}
    secrets.put("phone", {"topic": "häuslich"})
    secrets.put("mail", {"password": "x"})
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Secrets(path).of("phone") == {"topic": "häuslich"}
    secrets.forget("phone")
    assert (secrets.of("phone"), secrets.of("mail")) == ({}, {"password": "x"})


def test_a_secret_has_a_length(tmp_path: Path) -> None:
    """What is too long is refused, and nothing is written."""
    secrets = Secrets(tmp_path / "channels.json")
    with pytest.raises(ValueError, match="characters"):
        secrets.put("phone", {"topic": "x" * (SECRET_CHARACTERS + 1)})
    assert not (tmp_path / "channels.json").exists()


@given(st.binary(max_size=100) | st.sampled_from([b"[]", b'{"a": 1}', b'{"a": {"b": 2, "c": "d"}}']))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Whatever the file holds, fields of text come of it, or nothing."""
    assert all(isinstance(value, str) for fields in parse(raw).values() for value in fields.values())
