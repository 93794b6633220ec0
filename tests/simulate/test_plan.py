# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise

from appliance.simulate.behaviours.devices import household_devices
from appliance.simulate.lines import Line
from appliance.simulate.plan import KINDS, plan_day
from appliance.simulate.scenario import BEHAVIOURS, DEMO_RATES
from tests.simulate.playing import TROUBLES, Theatre, calm

TRAFFIC = tuple(BEHAVIOURS.keys() - KINDS.keys() - {"follow_ups"} - set(TROUBLES))


def uploads(*without: str) -> list[Line]:
    theatre = Theatre(calm(*TRAFFIC, *without, seed=2, rates=DEMO_RATES))
    speakers = [theatre.speaker(model, model, number) for number, model in enumerate(("echo", "homepod", "home-mini"))]
    plan_day(theatre.stage, speakers, theatre.stage.scenario.start, household_devices(theatre.stage))
    theatre.stage.perform(theatre.stage.scenario.end)
    return theatre.truth("upload")


def test_kinds_are_behaviours() -> None:
    """Everything that is planned can be left out."""
    assert KINDS.keys() <= BEHAVIOURS.keys()


def test_leaving_a_kind_out_moves_nothing_else() -> None:
    """Without a behaviour exactly its own uploads are missing, the others come at the same times."""
    everything = {(line["device"], line["start"], line["kind"]) for line in uploads()}
    fewer = {(line["device"], line["start"], line["kind"]) for line in uploads("false_wakes", "silence")}
    assert fewer < everything
    assert {kind for _, _, kind in everything - fewer} == {"false_wake", "silence"}


def test_uploads_of_the_household_are_apart() -> None:
    """But for follow-ups and speakers that give way, no two uploads come within half a minute."""
    alone = [line for line in uploads() if line["kind"] not in {"follow_up", "arbitration", "call"}]
    starts = sorted(float(str(line["start"])) for line in alone)
    assert len(starts) > 10
    assert min(after - before for before, after in pairwise(starts)) > 30
