# SPDX-License-Identifier: GPL-2.0-or-later
"""The first half: the evening replayed as fast as it goes, with what ears heard of it; each verdict must come."""

from collections.abc import Callable
from pathlib import Path

from appliance.events import Service
from appliance.limits import SELFTEST_REPLAY_S
from appliance.selftest.house import EVENING, due
from appliance.selftest.outcome import Outcome, compare
from appliance.selftest.services import Trial
from appliance.status import CaptureStatus, read_status


def replayed(folder: Path, played: Path, progress: Callable[[float], None]) -> list[Outcome]:
    """Replay what was played, through the services; ``progress`` is told the share done. Raises SelftestError."""
    sources = {"file": str(played / "capture.pcapng"), "sounds": str(played / "sounds.jsonl")}
    trial = Trial(folder, {"placement": "replay", "speed": 0, **sources})
    with trial.running(Service.HUB) as hub, trial.running(Service.CAPTURE) as capture:

        def seen() -> bool:
            progress((_covered(trial) - EVENING.start) / (EVENING.end - EVENING.start))
            return capture.poll() is not None

        trial.wait({Service.HUB: hub}, seen, SELFTEST_REPLAY_S, "replaying the household")
        trial.finish(Service.CAPTURE, capture)
        end = _covered(trial)
        trial.wait({Service.HUB: hub}, lambda: trial.judged(end), SELFTEST_REPLAY_S, "judging the household")
    return compare(list(due(played / "truth.jsonl")), trial.verdicts())


def _covered(trial: Trial) -> float:
    """Return up to when the capture has seen everything."""
    status = read_status(trial.paths.run, Service.CAPTURE, CaptureStatus)
    return EVENING.start if status is None else status.covered_until
