# SPDX-License-Identifier: GPL-2.0-or-later
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from appliance.household import Channel, Household
from appliance.settings import (
    CaptureSettings,
    EarsSettings,
    MicrophoneSettings,
    Paths,
    Placement,
    Settings,
    WebSettings,
)
from appliance.speakers.registry import Registry
from appliance.upkeep.support import bundle, names_of


@pytest.fixture
def settings(lived: Path, tmp_path: Path) -> Settings:
    """A house of one's own in which the simulated morning happened."""
    shutil.copytree(lived, tmp_path / "house")
    folder = tmp_path / "house"
    paths = Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d")
    capture = CaptureSettings(placement=Placement.REPLAY, file=folder / "day.pcap")
    ears = EarsSettings(microphones=(MicrophoneSettings(name="Dachboden-Ohr", room="Speicher"),))
    return Settings(capture=capture, ears=ears, web=WebSettings(names=("witness.example",)), paths=paths)


def unpacked(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_nothing_of_the_house_is_in_it(settings: Settings) -> None:
    """No MAC, no address, no name of a device, a room, an ear, a person, a channel or this machine."""
    registry, household = Registry(settings.paths.registry, 0.0), Household(settings.paths.household)
    household.add("channels", Channel(id="c1", kind="ntfy", name="Grandma's phone", person="Roswitha"))
    household.change(home={"contact": "ada@example.org"})
    speaker = next(each for each in registry.inventory.devices if each.watched)
    registry.correct(speaker.mac, {"name": "Bob's Echo", "room": "Schlafzimmer"})
    files = unpacked(bundle(settings, registry.inventory, household.choices, ["Anna Müller"], 2e9))
    whole = "\n".join(files.values())
    for each in registry.inventory.devices:
        assert each.mac not in whole
        assert each.mac.replace(":", "") not in whole
    for name in names_of(settings, registry.inventory, household.choices, ["Anna Müller"]):
        assert not re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", whole, re.IGNORECASE), name
    assert not re.search(r"\b192\.168\.\d+\.\d+\b", whole)


def test_what_helps_is_in_it(settings: Settings) -> None:
    """Versions, machine, settings, choices, status, how much is in the ledger, findings, doctor and journal."""
    registry, household = Registry(settings.paths.registry, 0.0), Household(settings.paths.household)
    files = unpacked(bundle(settings, registry.inventory, household.choices, [], 2e9))
    assert set(files) == {
        "README.txt",
        *(
            f"{name}.json"
            for name in (
                *("versions", "machine", "settings", "choices", "devices", "status", "ledger", "findings"),
                *("doctor", "journal"),
            )
        ),
    }
    assert json.loads(files["ledger.json"])["rows"]["upload"] > 0
    assert json.loads(files["versions.json"])["earwitness"]
    assert json.loads(files["doctor.json"])["findings"]


def test_a_house_in_which_nothing_can_be_read(tmp_path: Path) -> None:
    """Those who need help most have least: what cannot be read says why."""
    paths = Paths(state=tmp_path / "gone", run=tmp_path / "gone", rules=tmp_path)
    settings = Settings(capture=CaptureSettings(placement=Placement.REPLAY, file=tmp_path / "day.pcap"), paths=paths)
    registry, household = Registry(tmp_path / "registry.json", 0.0), Household(tmp_path / "household.json")
    files = unpacked(bundle(settings, registry.inventory, household.choices, [], 0.0))
    assert "cannot be opened" in json.loads(files["ledger.json"])["problem"]
