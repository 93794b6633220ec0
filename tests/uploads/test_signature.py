# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.uploads.hit import Hit
from appliance.uploads.signature import signature
from tests.uploads.streams import RULES


def test_a_known_beat_names_its_codec() -> None:
    """Length and beat together name the codec."""
    assert signature([Hit("cadence", 0.0, 113, 0.0201)], RULES.uploads) == "echo-opus-32"


def test_an_unknown_beat_has_no_name() -> None:
    """Neither a length at another beat nor a hit without a beat is given a name."""
    assert signature([Hit("cadence", 0.0, 113, 0.1), Hit("steady", 0.0)], RULES.uploads) is None
