# SPDX-License-Identifier: GPL-2.0-or-later
"""The first half: the evening replayed as fast as it goes, with what ears heard of it; each verdict must come."""

from collections.abc import Callable
from pathlib import Path

from appliance.events import Service
from appliance.limits import SELFTEST_REPLAY_S
from appliance.selftest.house import EVENING, due
from appliance.selftest.outcome import Outcome, compare
from appliance.selftest.services import Process, Trial
from appliance.simulate.scenario import Scenario
from appliance.status import CaptureStatus, read_status


def replayed(folder: Path, played: Path, progress: Callable[[float], None]) -> list[Outcome]:
    """Replay what was played, through the services; ``progress`` is told the share done. Raises SelftestError."""
    trial = Trial(folder, capture=replay_of(played))
    with trial.running(Service.HUB) as hub:
        replay(trial, hub, EVENING, progress, SELFTEST_REPLAY_S)
    return compare(list(due(played / "truth.jsonl")), trial.verdicts())


def replay_of(played: Path) -> dict[str, object]:
    """Return the settings of a capture that replays what was played as fast as it goes."""
    sources = {"file": str(played / "capture.pcapng"), "sounds": str(played / "sounds.jsonl")}
    return {"placement": "replay", "speed": 0, **sources}


def replay(trial: Trial, hub: Process, scenario: Scenario, progress: Callable[[float], None], patience: float) -> None:
    """Replay a scenario until the hub, which runs, has judged it. SelftestError after so many seconds, twice."""
    services = {Service.HUB: hub}
    with trial.running(Service.CAPTURE) as capture:

        def seen() -> bool:
            progress((_covered(trial, scenario) - scenario.start) / (scenario.end - scenario.start))
            return capture.poll() is not None

        trial.wait(services, seen, patience, "replaying the household")
        trial.finish(Service.CAPTURE, capture)
    end = _covered(trial, scenario)
    trial.wait(services, lambda: trial.judged(end), patience, "judging the household")


def _covered(trial: Trial, scenario: Scenario) -> float:
    """Return up to when the capture has seen everything."""
    status = read_status(trial.paths.run, Service.CAPTURE, CaptureStatus)
    return scenario.start if status is None else status.covered_until
