# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.satellites.codes import CodeError, new_secret, read_code, write_code

MARK = "00ff" * 16


def test_a_code_comes_back() -> None:
    """However somebody types it, it says the secret, and by what the hub is known."""
    secret = new_secret()
    code = write_code(secret, MARK)
    assert len(code.split("-")) == 6
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')}\n", code.replace("O", "0")):
        assert read_code(typed) == (secret, MARK[:20])


def test_secrets_differ() -> None:
    """No two invitations have the same secret."""
    assert len({new_secret() for _ in range(100)}) == 100


@given(st.text(max_size=60))
def test_whatever_is_typed(typed: str) -> None:
    """It is a code, or it is said what is wrong with it."""
    with suppress(CodeError):
        assert len(read_code(typed).secret) == 10


@pytest.mark.parametrize("typed", ["", "AAAA", "AAAA-AAAA-AAAA-AAAA-AAAA-AAA8", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAä"])
def test_what_is_no_code(typed: str) -> None:
    """Too short, or of other letters: it is refused before anything is sent."""
    with pytest.raises(CodeError):
        read_code(typed)
