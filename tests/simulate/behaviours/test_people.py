# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.simulate.behaviours import people
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


def test_a_day_has_its_talk() -> None:
    """With conversations in the play ears hear something; without, they do not."""
    for without, heard in (((), True), (("conversations",), False)):
        theatre = Theatre(calm(*without))
        people.plan(theatre.stage, [theatre.speaker()], theatre.stage.scenario.start)
        theatre.play()
        assert bool(theatre.sounds("speech")) is heard
