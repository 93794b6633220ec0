# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from pathlib import Path

import pytest

from appliance.rules import RuleError, load_rules
from appliance.rules.load import PACKAGED

OWN_HOST = """
hosts:
  - id: {id}
    vendor: acme
    role: voice
    hosts: [voice.example.org]
    source: our own router's log
    examples: {{matches: [voice.example.org], not: [www.example.org]}}
"""


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def told(folder: Path) -> str:
    with pytest.raises(RuleError) as caught:
        load_rules(folder)
    return str(caught.value)


def test_packaged_rules_load() -> None:
    """The rules of the package load, and know the speakers of the four great vendors."""
    rules = load_rules(None)
    families = {rule.id for rule in rules.speakers.rules if rule.speaker}
    assert families == {"amazon-echo", "google-home", "apple-homepod", "sonos", "hk-invoke", "unknown-speaker"}


def test_a_missing_folder_overrides_nothing(tmp_path: Path) -> None:
    """A household without rules of its own has the packaged ones."""
    assert load_rules(tmp_path / "none").version == load_rules(None).version


def test_a_new_id_adds_a_rule(tmp_path: Path) -> None:
    """A rule with an id of its own comes beside the packaged ones."""
    rules = load_rules(write(tmp_path, OWN_HOST.format(id="acme-voice")))
    own, packaged = rules.hosts.look("voice.example.org"), rules.hosts.look("guzzoni.apple.com")
    assert own is not None
    assert own.id == "acme-voice"
    assert packaged is not None


def test_a_known_id_replaces_the_whole_rule(tmp_path: Path) -> None:
    """A rule with a packaged rule's id stands in its place: nothing of the old one is left."""
    rules = load_rules(write(tmp_path, OWN_HOST.format(id="xiaomi-voice")))
    assert rules.hosts.look("speech.ai.xiaomi.com") is None
    assert rules.hosts.look("voice.example.org") is not None


def test_a_detector_can_be_tuned(tmp_path: Path) -> None:
    """Thresholds are rules like all others: an override by id changes what the detectors are given."""
    text = (PACKAGED / "uploads" / "detectors.yaml").read_text().replace("count: 15", "count: 30")
    assert load_rules(write(tmp_path, text)).uploads.cadence.count == 30


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    """The version changes with a rule's content, not with comments or a household's empty file."""
    version = load_rules(None).version
    assert load_rules(write(tmp_path / "a", "# nothing yet\n")).version == version
    assert load_rules(write(tmp_path / "b", OWN_HOST.format(id="acme-voice"))).version != version


def test_every_mistake_is_told_with_file_line_and_key(tmp_path: Path) -> None:
    """All errors of all files come at once, each with file, line and key in plain words."""
    text = OWN_HOST.format(id="acme-voice").replace("role: voice", "role: voic").replace("hosts: [", "hostz: [")
    write(tmp_path, text)
    write(tmp_path, "signatures:\n  - {id: UPPER}\n", "second.yaml")
    lines = told(tmp_path).splitlines()
    assert any(line.startswith(f"{tmp_path}/own.yaml:5: hosts.0.role: should be 'voice', ") for line in lines)
    assert f"{tmp_path}/own.yaml:6: hosts.0.hostz: is not a key that is known here" in lines
    assert f"{tmp_path}/own.yaml:3: hosts.0: hosts is missing" in lines
    assert any(line.startswith(f"{tmp_path}/second.yaml:2: signatures.0.id: ") for line in lines)


def test_a_file_must_be_a_mapping(tmp_path: Path) -> None:
    """A list, or a word where a rule should be, is told in plain words."""
    assert told(write(tmp_path / "a", "- hosts")) == f"{tmp_path}/a/own.yaml:1: should be a mapping of keys to values"
    assert told(write(tmp_path / "b", "hosts: [x]")).endswith("hosts.0: should be a mapping of keys to values")


def test_an_id_twice_in_one_folder_is_an_error(tmp_path: Path) -> None:
    """Two rules of one id and one folder contradict each other; the second one's line is named."""
    write(tmp_path, OWN_HOST.format(id="acme-voice"), "a.yaml")
    write(tmp_path, OWN_HOST.format(id="acme-voice"), "b.yaml")
    assert told(tmp_path) == (
        f"{tmp_path}/b.yaml:3: hosts.0.id: acme-voice is already the id of a rule in {tmp_path}/a.yaml"
    )


def test_empty_examples_are_an_error(tmp_path: Path) -> None:
    """Each rule must say what it matches and what it does not."""
    text = OWN_HOST.format(id="acme-voice").replace("not: [www.example.org]", "not: []")
    assert "hosts.0.examples.not" in told(write(tmp_path, text))


def test_a_lost_reference_is_an_error(tmp_path: Path) -> None:
    """A speaker rule that speaks of a host rule which is not there is told, not silently never matched."""
    text = (PACKAGED / "speakers" / "sonos.yaml").read_text().replace("@sonos-update", "@sonos-upgrade")
    assert told(write(tmp_path, text)).endswith("speakers.0: @sonos-upgrade: there is no host rule of that id")


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """What looks like a rule file and cannot be read is told."""
    (tmp_path / "folder.yaml").mkdir()
    assert "folder.yaml: cannot be read" in told(tmp_path)


def test_too_many_files_are_an_error(tmp_path: Path) -> None:
    """A folder of thousands of files is no household's; it is refused before it is read."""
    for number in range(300):
        (tmp_path / f"{number}.yaml").touch()
    assert "holds more than 256 files" in told(tmp_path)


def test_packaged_files_can_serve_as_overrides(tmp_path: Path) -> None:
    """The package's own files, copied to the household's folder, change nothing."""
    shutil.copytree(PACKAGED, tmp_path / "copy")
    assert load_rules(tmp_path / "copy").version == load_rules(None).version
