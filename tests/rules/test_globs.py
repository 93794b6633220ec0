# SPDX-License-Identifier: GPL-2.0-or-later
import re

from hypothesis import given
from hypothesis import strategies as st

from appliance.rules.globs import glob_matches


@given(st.text("ab*", max_size=8), st.text("ab", max_size=12))
def test_globs_match_as_the_regular_expression_would(pattern: str, text: str) -> None:
    """A star stands for any run of characters, also none; nothing else is special."""
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert glob_matches(pattern, text) == (re.fullmatch(expression, text) is not None)


def test_ends_do_not_overlap() -> None:
    """What the beginning used up, the end cannot use again."""
    assert not glob_matches("aba*ba", "aba")
    assert glob_matches("aba*ba", "ababa")
