# SPDX-License-Identifier: GPL-2.0-or-later
import json
from pathlib import Path

from appliance.simulate.household import Scenario, simulate
from appliance.simulate.scenario import DEMO_RATES

SHORT = Scenario(days=0.4, seed=3, rates=DEMO_RATES)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """The same scenario gives the same three files, byte for byte."""
    first, second = (simulate(SHORT, tmp_path / name) for name in ("a", "b"))
    for one, other in ((first.capture, second.capture), (first.sounds, second.sounds), (first.truth, second.truth)):
        assert one.read_bytes() == other.read_bytes()


def test_another_seed_is_another_household(tmp_path: Path) -> None:
    """Another seed gives other uploads."""
    first = simulate(SHORT, tmp_path / "a")
    second = simulate(Scenario(days=0.4, seed=4, rates=DEMO_RATES), tmp_path / "b")
    assert lines(first.truth) != lines(second.truth)


def test_all_files_say_that_they_are_simulated(tmp_path: Path) -> None:
    """The capture's section comment and the first sound line name the simulation and its seed."""
    played = simulate(SHORT, tmp_path)
    assert b"simulated household, 0.4 days, 6 speakers, seed 3" in played.capture.read_bytes()[:200]
    assert lines(played.sounds)[0] == {
        "type": "note",
        "text": "simulated household, 0.4 days, seed 3",
        "simulated": True,
    }
