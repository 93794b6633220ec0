# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.simulate.behaviours import streams
from appliance.simulate.home import ROUTER_MAC
from appliance.simulate.scenario import RATES
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0 + 8 * 3600


@pytest.mark.parametrize(
    ("play", "kind", "least"), [(streams.music, "music", 2_000_000), (streams.update, "ota", 11_000_000)]
)
def test_bulk_comes_down(play: streams.Play, kind: str, least: int) -> None:
    """Megabytes come down, upstream there is next to nothing, and the truth knows the kind."""
    theatre = Theatre(calm("ipv6"))
    it = theatre.speaker()
    play(it, BEGIN)
    sizes = theatre.sizes()
    assert sizes[ROUTER_MAC.hex(":")] > least
    assert sizes[it.device] < 50_000
    assert theatre.truth()[0]["kind"] == kind


def test_a_day_has_its_music() -> None:
    """Streams come as often as their rates say, and not at all where they are left out."""
    for without, rate, expected in (((), 5.0, True), (("music",), 5.0, False), ((), 0.0, False)):
        theatre = Theatre(calm(*without, rates=RATES | {"music": rate, "updates": 0.0}))
        streams.plan(theatre.speaker(), theatre.stage.scenario.start)
        theatre.stage.perform(theatre.stage.scenario.end)
        assert bool(theatre.truth()) is expected
