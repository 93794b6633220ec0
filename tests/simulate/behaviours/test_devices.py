# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.simulate.behaviours import devices
from appliance.simulate.home import ROUTER_MAC
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0 + 10 * 3600


@pytest.mark.parametrize(
    ("play", "up", "kind"),
    [
        (devices.backup, 300_000, "bulk"),
        (devices.photos, 200_000, "bulk"),
        (devices.upload_form, 5_000, "bulk"),
        (devices.video_call, 100_000, "video_call"),
    ],
)
def test_what_devices_send_is_told(play: devices.Play, up: int, kind: str) -> None:
    """Other devices' uploads are large, and the truth knows them as what they are."""
    theatre = Theatre(calm())
    laptop = devices.household_devices(theatre.stage)["laptop"]
    play(laptop, BEGIN)
    sent = theatre.sizes()[laptop.machine.mac]
    assert sent > up
    assert theatre.truth()[-1]["kind"] == kind


@pytest.mark.parametrize("play", [devices.browse, devices.shell])
def test_what_devices_fetch_is_more_than_they_send(play: devices.Play) -> None:
    """Reading the web or typing in a shell brings down more than goes up, and is no burst."""
    theatre = Theatre(calm())
    laptop = devices.household_devices(theatre.stage)["laptop"]
    for after in range(3):
        play(laptop, BEGIN + 600 * after)
    sizes = theatre.sizes()
    assert sizes[ROUTER_MAC.hex(":")] > sizes[laptop.machine.mac] > 1000
    assert theatre.truth() == []


def test_a_day_has_its_habits() -> None:
    """With other devices in the play there is traffic; without, there is none."""
    for without, busy in (((), True), (("others",), False)):
        theatre = Theatre(calm(*without))
        others = devices.household_devices(theatre.stage)
        devices.plan(others, devices.HABITS, "others", theatre.stage.scenario.start)
        assert bool(theatre.sizes()) is busy
