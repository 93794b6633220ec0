# SPDX-License-Identifier: GPL-2.0-or-later
from web.house import House
from web.pulse import pulse


def test_a_simulated_replay_says_so(house: House) -> None:
    """A house that was replayed is never taken for one that is watched now."""
    felt = pulse(house)
    assert felt.simulated
    assert felt.pill == "Simulated"
    assert dict(felt.facts)["Frames lost"] == "none"


def test_a_house_in_which_nothing_runs_is_not_watched(house: House) -> None:
    """Without the capture nobody watches, and the pulse says that and what to do."""
    (house.settings.paths.run / "capture.json").unlink()
    felt = pulse(house)
    assert felt.mood == "alert"
    assert any("systemctl" in trouble.remedy for trouble in felt.troubles)


def test_a_house_without_its_folder_is_not_watched(house: House) -> None:
    """Not even the folder of the status files is there: the pulse says what to start."""
    for file in house.settings.paths.run.iterdir():
        file.unlink()
    house.settings.paths.run.rmdir()
    felt = pulse(house)
    assert felt.mood == "alert"
    assert felt.troubles
