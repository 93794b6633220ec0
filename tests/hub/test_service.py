# SPDX-License-Identifier: GPL-2.0-or-later
import io
import json
from pathlib import Path

import pytest

from appliance.analysis import Analysis, hear
from appliance.events import Verdict
from appliance.hub import service
from appliance.settings import EarsSettings, MicrophoneSettings, Settings, WyomingSettings
from appliance.speakers.registry_file import RegistryReader
from appliance.status import HubStatus, read_status, write_status
from appliance.upkeep.backup import backup
from appliance.upkeep.restore import stage
from tests.live.house import RULES, capturing, judging, replaying, verdicts


@pytest.fixture
def settings(played: Path, tmp_path: Path) -> Settings:
    return replaying(tmp_path, played / "capture.pcapng", played / "sounds.jsonl")


def about(found: list[Verdict]) -> list[tuple[float, str]]:
    return sorted(
        (
            round(verdict.upload.started_at if verdict.upload else verdict.wake.time if verdict.wake else 0.0, 3),
            verdict.verdict,
        )
        for verdict in found
        if verdict.final
    )


def analysed(settings: Settings) -> list[tuple[float, str]]:
    capture, sounds = settings.capture.file, settings.capture.sounds
    assert capture is not None
    assert sounds is not None
    analysis = Analysis(RULES, hear(sounds))
    analysis.read(capture, "played", lambda _done, _size: None)
    return about([verdict for report in analysis.reports() for verdict in report.verdicts])


def test_verdicts_are_those_of_analyze(settings: Settings) -> None:
    """What goes through ledger and hub is judged as a capture file is, each upload and each wake word once."""
    hub, capture = judging(settings), capturing(settings)
    while capture.step():
        hub.step()
    capture.close()
    hub.step()
    hub.close()
    assert about(verdicts(settings)) == analysed(settings)


def test_killed_services_lose_and_double_nothing(settings: Settings) -> None:
    """A hub that is killed and started again every few steps ends with the same verdicts."""
    hub, capture = judging(settings), capturing(settings)
    steps = 0
    while capture.step():
        steps += 1
        hub.step()
        if steps % 15 == 0:  # what is dropped here was not closed: nothing of it is written
            hub = judging(settings)
    capture.close()
    hub.step()
    hub.close()
    assert steps > 60
    assert about(verdicts(settings)) == analysed(settings)


def test_what_nobody_judged_is_judged_at_the_next_start(settings: Settings) -> None:
    """Uploads of a boot that ended before the hub came get their verdict when it comes."""
    capture = capturing(settings)
    while capture.step():
        pass
    capture.close()
    (settings.paths.run / "capture.json").unlink()  # the machine was started again
    judging(settings).close()
    assert about(verdicts(settings)) == analysed(settings)


def test_the_registry_and_the_status_say_what_is_known(settings: Settings) -> None:
    """Speakers are in the registry once they are recognised, and the status says how far the hub has come."""
    hub, capture = judging(settings), capturing(settings)
    while capture.step():
        hub.step()
    capture.close()
    hub.step()
    hub.close()
    registry = RegistryReader(settings.paths.registry)
    registry.changed()
    assert sum(entry.speaker is not None for entry in registry.inventory.devices) >= 3
    status = read_status(settings.paths.run, "hub", HubStatus)
    assert status is not None
    assert (status.state, status.open_uploads, status.backlog) == ("stopped", 0, 0)
    capture_says = json.loads((settings.paths.run / "capture.json").read_text())
    assert status.judged_until == pytest.approx(capture_says["covered_until"])


def test_how_long_speakers_are_silent_outlives_the_hub(settings: Settings) -> None:
    """What one run has learnt of their habits the next one knows in the same boot; another boot's are nothing to it."""
    judging(settings).close()
    status = read_status(settings.paths.run, "hub", HubStatus)
    assert status is not None
    for boot, usual in ((status.boot, {"02:00:00:00:00:05": 500.0}), ("another", {})):
        write_status(
            settings.paths.run, status.model_copy(update={"boot": boot, "usual": {"02:00:00:00:00:05": 500.0}})
        )
        judging(settings).close()
        after = read_status(settings.paths.run, "hub", HubStatus)
        assert after is not None
        assert after.usual == usual


def test_microphones_of_the_settings_are_known(settings: Settings) -> None:
    """An ear that the settings name is in the registry at once, in its room; what was said there of it counts more."""
    kitchen, hall = (MicrophoneSettings(name=name, room="kitchen") for name in ("kitchen-mic", "hall-mic"))
    heard = settings.model_copy(update={"ears": EarsSettings(microphones=(kitchen,))})
    judging(heard).close()
    hub = judging(heard.model_copy(update={"ears": EarsSettings(microphones=(kitchen, hall))}))
    hub.registry.put_ear("hall-mic", "hall")
    hub.close()
    judging(heard.model_copy(update={"ears": EarsSettings(microphones=(kitchen, hall))})).close()
    registry = RegistryReader(settings.paths.registry)
    registry.changed()
    rooms = {each.name: each.room for each in registry.inventory.ears}
    assert (rooms["kitchen-mic"], rooms["hall-mic"]) == ("kitchen", "hall")


def test_ears_that_left_the_settings_are_gone(settings: Settings) -> None:
    """What the settings do not name any more is in the house no longer; ears that others introduced stay."""
    pantry = MicrophoneSettings(name="pantry-mic", room="pantry")
    nabu = WyomingSettings.model_validate({"name": "nabu", "host": "192.0.2.9", "room": "hall"})
    judging(settings.model_copy(update={"ears": EarsSettings(microphones=(pantry,), wyoming=(nabu,))})).close()
    registry = RegistryReader(settings.paths.registry)
    registry.changed()
    before = {each.name: each.room for each in registry.inventory.ears}
    assert (before["pantry-mic"], before["wyoming:nabu"]) == ("pantry", "hall")
    hub = judging(settings.model_copy(update={"ears": EarsSettings(wyoming=(nabu,))}))
    hub.registry.put_ear("wyoming:nabu", "bath")
    hub.close()
    registry.changed()
    after = {each.name: each.room for each in registry.inventory.ears}
    assert after == {**{name: room for name, room in before.items() if name != "pantry-mic"}, "wyoming:nabu": "bath"}
    judging(settings).close()
    registry.changed()
    assert "wyoming:nabu" not in {each.name for each in registry.inventory.ears}


def test_a_replayed_household_is_furnished(settings: Settings) -> None:
    """What a replay's sounds say of rooms and names is in the registry; what the owner said before counts more."""
    hub = judging(settings)
    speaker = next(each for each in hub.registry.inventory.devices if each.owner.room)
    hub.registry.correct(speaker.mac, {"name": "Mine"})
    hub.close()
    again = judging(settings)
    assert {each.room for each in again.registry.inventory.ears} >= {"kitchen"}
    assert next(each for each in again.registry.inventory.devices if each.mac == speaker.mac).name == "Mine"
    again.close()


def test_a_backup_that_lies_ready_is_put_in_place(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub ends when a backup lies ready, and is the house of the backup when it is started again."""
    hub = judging(settings)
    hub.registry.put_room("Attic")
    assert hub.step()
    kept = io.BytesIO(b"".join(backup(settings.paths.state / "none.toml", settings.paths, "", 0.0)))
    hub.registry.put_room("Cellar")
    stage(kept, "", settings.paths)
    assert hub.step(), "whoever brought it could not be told"
    monkeypatch.setattr(service, "RESTORE_AFTER_S", 0.0)
    assert not hub.step()
    hub.close()
    again = judging(settings)
    assert [room.name for room in again.registry.inventory.rooms] == ["Attic"]
    assert again.step()
    again.close()


def test_what_the_owner_corrects_meanwhile_counts_at_once(played: Path, tmp_path: Path) -> None:
    """The web changes the registry beside the hub: the judge knows of it with the next step."""
    hub, mac = judging(replaying(tmp_path, played / "capture.pcapng")), "44:65:0d:00:00:01"
    hub.step()
    hub.registry.correct(mac, {"room": "attic", "status": "confirmed"})
    assert hub._judging.judge._memory.household.room(mac) is None
    hub.step()
    assert hub._judging.judge._memory.household.room(mac) == "attic"
    hub.close()
