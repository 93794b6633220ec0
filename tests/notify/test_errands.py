# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from appliance.household import Secrets
from appliance.notify.errands import Errand, Seal, Wish, open_seal

OURS = Seal(b"k" * 32)
errands = st.builds(Errand, st.integers(0, 2**64 - 1), st.sampled_from(Wish))


@given(errands)
def test_a_link_is_read_by_who_made_it(errand: Errand) -> None:
    """It is safe in an address, and means to us what we put there; under another key it means nothing."""
    link = OURS.link(errand)
    assert link.replace("-", "").replace("_", "").isalnum()
    assert OURS.read(link) == errand
    assert Seal(b"x" * 32).read(link) is None


@given(errands, st.integers(0, 33), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_link_that_was_changed_is_none(errand: Errand, place: int, letter: str) -> None:
    """Whatever is changed in it, it means nothing."""
    link = OURS.link(errand)
    changed = link[:place] + letter + link[place + 1 :]
    assert OURS.read(changed) == (errand if changed == link else None)


@given(st.text(max_size=60))
def test_anything_may_come_as_a_link(text: str) -> None:
    """Whatever is asked for, there is an answer: it is none of ours."""
    assert OURS.read(text) is None


def test_the_key_stays(tmp_path: Path) -> None:
    """It is made once, and kept where secrets are."""
    secrets = Secrets(tmp_path / "secrets" / "channels.json")
    link = open_seal(secrets).link(Errand(1, Wish.SEEN))
    assert open_seal(secrets).read(link) == Errand(1, Wish.SEEN)
