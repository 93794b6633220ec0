# SPDX-License-Identifier: GPL-2.0-or-later
"""A household that is replayed through the services, in one process."""

from pathlib import Path

from appliance.clocks import this_boot
from appliance.events import Service, Verdict
from appliance.hub.service import HubService
from appliance.ledger import Ledger, open_ledger
from appliance.ledger.rows import VERDICT
from appliance.live.played_ears import PlayedEars, Rehearsal
from appliance.live.replay import Replay
from appliance.live.service import CaptureService
from appliance.rules import load_rules
from appliance.settings import CaptureSettings, Paths, Placement, Settings

RULES = load_rules(None)


def replaying(folder: Path, capture: Path, sounds: Path | None = None) -> Settings:
    """Return the settings of a replay as fast as it goes, with everything in ``folder``."""
    paths = Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d")
    for made in (paths.state, paths.run):
        made.mkdir(exist_ok=True)
    replay = CaptureSettings(placement=Placement.REPLAY, file=capture, sounds=sounds, speed=0)
    return Settings(capture=replay, paths=paths)


def ledger_for(settings: Settings, service: Service) -> Ledger:
    return open_ledger(settings.paths.ledger, service=service, now=0.0)


def capturing(settings: Settings) -> Rehearsal:
    """Open the capture, with ears that hear in step with it."""
    source = Replay(settings.capture)

    def opened(service: Service) -> tuple[Ledger, int]:
        ledger = ledger_for(settings, service)
        return ledger, ledger.begin(source.boot.id, 0.0)

    capture = CaptureService(settings, RULES, source, lambda: opened(Service.CAPTURE))
    if settings.capture.sounds is None:
        raise ValueError("a replay with ears needs sounds")
    return Rehearsal(capture, PlayedEars(settings.capture.sounds, *opened(Service.EARS)))


def kill(rehearsal: Rehearsal) -> None:
    """End a capture as kill -9 does: nothing is written any more; what the kernel would close is closed."""
    capture = rehearsal._capture
    capture._source.close()
    capture._dissector.close()
    capture._evidence._jobs.put(None)
    capture._out.ledger.close()
    rehearsal._ears.close()


def judging(settings: Settings) -> HubService:
    """Open the hub."""
    return HubService(settings, RULES, this_boot(settings.paths.run), lambda: ledger_for(settings, Service.HUB))


def verdicts(settings: Settings) -> list[Verdict]:
    """Return what the ledger holds by now."""
    ledger = ledger_for(settings, Service.HUB)
    reader = ledger.reader()
    found = [verdict for _, verdict in reader.facts(VERDICT)]
    reader.close()
    ledger.close()
    return found


def live(folder: Path, played: Path) -> Path:
    """Have what was played watched, heard and judged by the services, with all they keep in ``folder``; return it."""
    settings = replaying(folder, played / "capture.pcapng", played / "sounds.jsonl")
    hub, capture = judging(settings), capturing(settings)
    while capture.step():
        hub.step()
    capture.close()
    hub.step()
    hub.close()
    return folder
