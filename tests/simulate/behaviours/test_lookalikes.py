# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise
from statistics import median

import pytest

from appliance.simulate.behaviours import devices, lookalikes
from tests.simulate.playing import Theatre, calm, payload

BEGIN = 1_781_395_200.0 + 10 * 3600
PLAYS = [
    (lookalikes.dictation, "dictation", lookalikes.DICTATION_BEAT),
    (lookalikes.meeting, "meeting", lookalikes.MEETING_BEAT),
    (lookalikes.film, "film", lookalikes.FILM_BEAT),
]


@pytest.mark.parametrize(("play", "kind", "beat"), PLAYS)
def test_lookalikes_keep_a_beat_and_are_told(play: devices.Play, kind: str, beat: float) -> None:
    """They send at a steady beat as voice does, and the truth says that they are no upload of a speaker."""
    theatre = Theatre(calm())
    camera = devices.household_devices(theatre.stage)["camera"]
    play(camera, BEGIN)
    found = [packet for packet in theatre.play() if packet.src == camera.machine.mac and len(payload(packet)) > 80]
    times = [float(packet.time) for packet in found]
    starts = [time for before, time in pairwise(times) if time - before > 0.004]
    gaps = [after - before for before, after in pairwise(starts[3:])]
    assert median(gaps) == pytest.approx(beat, rel=0.1)
    assert [line["kind"] for line in theatre.truth()] == [kind]
