# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.rules.wakewords import WakeWords

WORDS = WakeWords(
    {"homepod": ["Siri", "hey siri"], "nest": ["OK Google"]}, [["siri", "hey siri"], ["hey google", "ok google"]]
)


@pytest.mark.parametrize("spelling", ["hey siri", "Hey Siri", "hey-siri", "HEY_SIRI", " hey  siri\t", "siri"])
def test_spelling(spelling: str) -> None:
    """Case, spaces, hyphens and underscores make no difference, nor does a word that is taken for another."""
    assert WORDS.one(spelling) in WORDS.of("homepod")
    assert WORDS.one(spelling) not in WORDS.of("nest")


def test_nobody_knows() -> None:
    """A speaker without a rule has no words."""
    assert WORDS.of("sonos") == WORDS.of(None) == frozenset()
