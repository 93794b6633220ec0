# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.rules import check, load_rules
from appliance.rules.load import PACKAGED


def test_every_packaged_example_comes_true() -> None:
    """Each rule of the package matches what it says it matches, and does not match what it says it does not."""
    assert [str(problem) for problem in check(load_rules(None))] == []


def wrong(folder: Path, path: str, right: str, instead: str) -> list[str]:
    text = (PACKAGED / path).read_text()
    assert right in text
    (folder / "own.yaml").write_text(text.replace(right, instead))
    return [str(problem) for problem in check(load_rules(folder))]


def test_a_wrong_host_example_is_told(tmp_path: Path) -> None:
    """An example that another rule answers names both."""
    told = wrong(tmp_path, "hosts/google.yaml", "matches: [play.googleapis.com]", "matches: [www.google.com]")
    assert told == ["hosts: google-telemetry: www.google.com should match, but google-web does"]


def test_a_wrong_owner_example_is_told(tmp_path: Path) -> None:
    """An address that belongs to nobody is no example of an owner."""
    told = wrong(tmp_path, "owners/vendors.yaml", "matches: [17.253.144.10", "matches: [198.51.100.7")
    assert told == ["owners: apple-addresses: 198.51.100.7 should be apple's"]


def test_a_wrong_speaker_example_is_told(tmp_path: Path) -> None:
    """A device that is not recognised, or as another model, is told with what it showed."""
    told = wrong(tmp_path, "speakers/apple.yaml", "{model: homepod-2, shows", "{model: homepod-mini, shows")
    assert told == [
        "speakers: apple-homepod: mdns_txt model=AudioAccessory6,1 should be a homepod-mini, but is a homepod-2"
    ]


def test_a_wrong_beat_is_told(tmp_path: Path) -> None:
    """A signature's example must have its length and its beat."""
    told = wrong(tmp_path, "uploads/signatures.yaml", "{length: 432, every_s: 0.05}]", "{length: 433, every_s: 0.05}]")
    assert told == ["signatures: echo-64k: 433 B every 0.05 s should match"]
