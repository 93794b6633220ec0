# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays a household to disk: ``capture.pcapng``, ``sounds.jsonl`` and ``truth.jsonl``, slice by slice."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from appliance.limits import SIMULATED_SLICE
from appliance.simulate.behaviours import chatter, presence
from appliance.simulate.behaviours.devices import household_devices
from appliance.simulate.lines import Lines
from appliance.simulate.plan import plan_day
from appliance.simulate.rows import Rows, concatenate
from appliance.simulate.scenario import BEHAVIOURS, DAY, Place, Scenario, demo_scenario
from appliance.simulate.sounds import capture_coverage, coverage, introduce
from appliance.simulate.speaker import Speaker
from appliance.simulate.stage import Stage
from appliance.simulate.writer import CaptureWriter

__all__ = ["BEHAVIOURS", "Place", "Scenario", "demo_scenario", "simulate"]

GAP_LOSS = 0.6  #: share of frames that a capture drops in a gap


class Household:
    """A scenario at play: speakers, other devices, and the slices of time it is played in."""

    def __init__(self, scenario: Scenario, sounds: Lines, truth: Lines) -> None:
        self.stage = Stage(scenario, sounds, truth)
        self._speakers = [Speaker(self.stage, place, number) for number, place in enumerate(scenario.speakers)]
        _introduce_each_other(self._speakers)
        self._others = household_devices(self.stage)
        self._lost = 0
        introduce(self.stage, self._speakers)
        for speaker in self._speakers:
            presence.begin(speaker)
            chatter.begin(speaker)

    def slices(self) -> Iterator[tuple[float, Rows]]:
        """Play slice by slice as the reader asks for it; yield each one's end and its frames in time order."""
        scenario, late = self.stage.scenario, concatenate([])
        start = scenario.start
        while start < scenario.end:
            midnight = start // DAY * DAY
            if start in {scenario.start, midnight}:
                plan_day(self.stage, self._speakers, midnight, self._others)
            end = min((start // SIMULATED_SLICE + 1) * SIMULATED_SLICE, scenario.end)
            self._play(start, end)
            rows = concatenate([late, *self.stage.net.rows(end)])
            now, late = _split(rows, end)
            yield end, self._seen(now, start, end)
            self.stage.forget(start - DAY)
            start = end

    def _play(self, start: float, end: float) -> None:
        coverage(self.stage, sorted({speaker.ear for speaker in self._speakers}), start, end)
        self.stage.perform(end)

    def _seen(self, rows: Rows, start: float, end: float) -> Rows:
        """Return what the capture saw of the frames, and tell what it lost."""
        dropped = np.zeros(len(rows), bool)
        for begin, over in self.stage.gaps:
            dropped |= (rows.time >= begin * 1e6) & (rows.time < over * 1e6)
        dropped &= self.stage.chance.noise("gap", start).random(len(rows)) < GAP_LOSS
        capture_coverage(self.stage, rows.time[dropped] / 1e6, start, end)
        return rows.take(np.flatnonzero(~dropped)).cut(self.stage.scenario.snap)


def simulate(scenario: Scenario, out: Path, progress: Callable[[float], None] = lambda _: None) -> None:
    """Play a scenario into the directory ``out``; ``progress`` is called with the share done, 0 to 1.

    The files of an earlier play in ``out`` are replaced. Raises OSError if ``out`` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    capture, sounds, truth = (out / name for name in ("capture.pcapng", "sounds.jsonl", "truth.jsonl"))
    comment = f"simulated household, {scenario.days:g} days, {len(scenario.speakers)} speakers, seed {scenario.seed}"
    with (
        CaptureWriter(capture.open("wb"), comment, scenario.snap) as writer,
        sounds.open("w", encoding="utf-8") as sounds_file,
        truth.open("w", encoding="utf-8") as truth_file,
    ):
        told = Lines(sounds_file), Lines(truth_file)
        for end, rows in Household(scenario, *told).slices():
            writer.write(rows)
            for lines in told:
                lines.flush(end)
            progress((end - scenario.start) / (scenario.end - scenario.start))
        for lines in told:
            lines.flush(math.inf)


def _introduce_each_other(speakers: list[Speaker]) -> None:
    """Let each speaker know the next one of its vendor: to talk to, and, from another room, to hear the same words."""
    for number, speaker in enumerate(speakers):
        around = speakers[number + 1 :] + speakers[:number]
        kin = [other for other in around if other.model.vendor == speaker.model.vendor and speaker.model.lan_chatter]
        speaker.neighbour = next((other for other in kin if other in speakers[number:]), None)
        speaker.rival = next((other for other in kin if other.ear != speaker.ear), None)


def _split(rows: Rows, end: float) -> tuple[Rows, Rows]:
    """Return the rows before ``end`` in time order, and the rest."""
    order = np.argsort(rows.time, kind="stable")
    before = int(np.searchsorted(rows.time[order], round(end * 1e6)))
    return rows.take(order[:before]), rows.take(order[before:])
