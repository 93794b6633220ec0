# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.simulate.behaviours import people
from appliance.simulate.home import ROUTER_MAC
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0 + 10 * 3600


def test_people_talk_but_not_into_silence() -> None:
    """A conversation is heard by its ear, save where a scene needs silence."""
    loud, hushed = Theatre(calm()), Theatre(calm())
    hushed.stage.hush("a", BEGIN, BEGIN + 15)
    for theatre in (loud, hushed):
        people.talk(theatre.stage, "a", BEGIN)
    talk = [(line["start"], line["end"]) for line in loud.sounds("speech")]
    rest = [(line["start"], line["end"]) for line in hushed.sounds("speech")]
    assert rest == [said for said in talk if float(str(said[0])) >= BEGIN + 15]
    assert len(rest) < len(talk)


@pytest.mark.parametrize(
    ("play", "up", "kind"),
    [
        (people.backup, 300_000, "bulk"),
        (people.photos, 200_000, "bulk"),
        (people.upload_form, 5_000, "bulk"),
        (people.video_call, 100_000, "video_call"),
    ],
)
def test_what_devices_send_is_told(play: people.Play, up: int, kind: str) -> None:
    """Other devices' uploads are large, and the truth knows them as what they are."""
    theatre = Theatre(calm())
    laptop = people.devices(theatre.stage)["laptop"]
    play(laptop, BEGIN)
    sent = theatre.sizes()[laptop.machine.mac]
    assert sent > up
    assert theatre.truth()[-1]["kind"] == kind


@pytest.mark.parametrize("play", [people.browse, people.shell])
def test_what_devices_fetch_is_more_than_they_send(play: people.Play) -> None:
    """Reading the web or typing in a shell brings down more than goes up, and is no burst."""
    theatre = Theatre(calm())
    laptop = people.devices(theatre.stage)["laptop"]
    for after in range(3):
        play(laptop, BEGIN + 600 * after)
    sizes = theatre.sizes()
    assert sizes[ROUTER_MAC.hex(":")] > sizes[laptop.machine.mac] > 1000
    assert theatre.truth() == []


def test_a_day_has_its_habits() -> None:
    """With conversations and other devices in the play there is something to do; without, there is not."""
    for without, busy in (((), True), (("others", "conversations"), False)):
        theatre = Theatre(calm(*without))
        people.plan(theatre.stage, [theatre.speaker()], theatre.stage.scenario.start, people.devices(theatre.stage))
        assert bool(theatre.sizes()) is busy
        assert bool(theatre.sounds("speech")) is busy
