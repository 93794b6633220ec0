# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np

from appliance.simulate.sounds import capture_coverage, coverage, introduce, speech, wake
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0


def covered(theatre: Theatre, source: str) -> list[tuple[object, object, object]]:
    lines = [line for line in theatre.sounds("coverage") if line["source"] == source]
    return [(line["start"], line["end"], line["lost"]) for line in lines]


def test_the_household_is_introduced() -> None:
    """First comes the note that all is simulated, then the ears, then where the speakers stand."""
    theatre = Theatre(calm())
    introduce(theatre.stage, [theatre.speaker(), theatre.speaker("homepod", "hall", 1)])
    lines = theatre.sounds()
    assert lines[0]["simulated"] is True
    assert [line["type"] for line in lines] == ["note", "ear", "ear", "speaker", "speaker"]
    assert lines[4]["wake_words"] == ["hey siri"]


def test_an_ear_that_is_off_hears_nothing() -> None:
    """In an outage there is neither sound nor coverage; around it there is both."""
    theatre = Theatre(calm())
    theatre.stage.outages["a"] = [(100.0, 200.0)]
    for time in (50.0, 150.0, 250.0):
        wake(theatre.stage, "a", time, "alexa")
        speech(theatre.stage, "a", time, time + 1)
    coverage(theatre.stage, ["a", "b"], 0.0, 300.0)
    assert [line["time"] for line in theatre.sounds("wake")] == [50.0, 250.0]
    assert [line["start"] for line in theatre.sounds("speech")] == [50.0, 250.0]
    assert covered(theatre, "a") == [(0.0, 100.0, 0), (200.0, 300.0, 0)]
    assert covered(theatre, "b") == [(0.0, 300.0, 0)]


def test_near_misses_score_less() -> None:
    """A near miss says so and stays under the threshold that others pass."""
    theatre = Theatre(calm())
    for second in range(50):
        wake(theatre.stage, "a", BEGIN + second, "alexa", near_miss=second % 2 == 1)
    scores: dict[bool, list[float]] = {True: [], False: []}
    for line in theatre.sounds("wake"):
        scores["near_miss" in line].append(float(str(line["score"])))
    assert max(scores[True]) < 0.5 < min(scores[False])


def test_a_gap_of_the_capture_is_told_by_itself() -> None:
    """Only the gap's own stretch says that frames were lost, and how many."""
    theatre = Theatre(calm())
    theatre.stage.gaps.append((10.0, 12.0))
    capture_coverage(theatre.stage, np.array([10.5, 11.0]), 0.0, 900.0)
    assert covered(theatre, "capture") == [(0.0, 10.0, 0), (10.0, 12.0, 2), (12.0, 900.0, 0)]
