# SPDX-License-Identifier: GPL-2.0-or-later
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from appliance.settings import (
    MicrophoneSettings,
    Placement,
    Settings,
    SettingsError,
    Watch,
    WyomingSettings,
    load_settings,
    parse_settings,
)


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    """A household that wrote no settings gets a bridge of two wired ports."""
    settings = load_settings(tmp_path / "none.toml")
    assert settings == Settings()
    assert (settings.capture.placement, settings.capture.interfaces) == (Placement.BRIDGE, ("eth0", "eth1"))


def test_settings_are_read(tmp_path: Path) -> None:
    """What the file says holds, and what it does not say is as by default."""
    file = tmp_path / "earwitness.toml"
    file.write_text('[capture]\nplacement = "mirror"\ninterfaces = ["eth1"]\nwatch = "everything"\n')
    settings = load_settings(file)
    assert (settings.capture.placement, settings.capture.watch) == (Placement.MIRROR, Watch.EVERYTHING)
    assert settings.ledger == Settings().ledger


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[capture]\nplacement = "bridge"\ninterfaces = ["eth0"]\n',
            "capture: the placement bridge needs 2 interfaces",
        ),
        ('[capture]\ninterfaces = ["eth0", "eth0"]\n', "needs 2 interfaces"),
        ('[capture]\n\nplacement = "replay"\n', "needs a file to replay"),
        ('[capture]\ninterfaces = ["../etc", "eth1"]\n', "s.toml:2: capture.interfaces.0: string should match"),
        ("[ledger]\nkeep_days = 1\n", "s.toml:2: ledger.keep_days: input should be greater"),
        ("[ledger]\nkeep_dais = 100\n", "s.toml:2: ledger.keep_dais: is no setting"),
        ("[capture\n", "s.toml: Expected ']'"),
        ('[[ears.microphones]]\nname = "hub"\n', "ears.microphones.0.name: cannot be 'hub'"),
        (
            '[[ears.microphones]]\nname = "m"\ndevice = "file:/tmp/x"\n',
            "ears.microphones.0.device: string should match",
        ),
        ('[[ears.microphones]]\nname = "m"\nchannels = 2\nchannel = 3\n', "channel 3 of 2 is none"),
        ("[ears]\nmicrophones = [{name = 'm'}, {name = 'm'}]\n", "ears: each microphone needs a name of its own"),
        ("[ears]\nwyoming = [{name = 'w', host = 'x'}]\n", "ears.wyoming.0.host: value is not a valid IPv4 or IPv6"),
        (
            "[ears]\nwyoming = [{name = 'v', host = '192.0.2.1'}, {name = 'w', host = '192.0.2.1'}]\n",
            "ears: voice satellites of one host need a port each",
        ),
        (
            "[ears]\nwyoming = [{name = 'w', host = '192.0.2.1'}, {name = 'w', host = '192.0.2.2'}]\n",
            "ears: each voice satellite needs a name of its own",
        ),
        ("[kapture]\n", "s.toml:1: kapture: is no setting"),
    ],
)
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    """An error says in which file and line, at which key, what is wrong."""
    with pytest.raises(SettingsError) as raised:
        parse_settings("s.toml", text.encode())
    assert words in str(raised.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_refused(raw: bytes) -> None:
    """Whatever the file holds, it is settings or an error of our own."""
    with suppress(SettingsError):
        assert isinstance(parse_settings("s.toml", raw), Settings)


def test_an_unreadable_file_is_no_default(tmp_path: Path) -> None:
    """A file that is there and cannot be read, or is far too large, is an error, never silently the defaults."""
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 100_000)
    with pytest.raises(SettingsError, match="larger than"):
        load_settings(large)


def test_every_setting_is_documented(root: Path) -> None:
    """Each setting has a row in its section of the document, with its default; no row is of one that is gone."""
    text = (root / "docs" / "settings.md").read_text(encoding="utf-8")
    sections = re.split(r"^## `\[(?:\[ears\.)?(\w+)\]+`.*$", text, flags=re.MULTILINE)
    documented = {
        (section, key): default.strip('`" ')
        for section, text in zip(sections[1::2], sections[2::2], strict=True)
        for key, default in re.findall(r"^\| `(\w+)` \| ?([^|]*)\|", text, flags=re.MULTILINE)
    }
    tables = {"microphones": _defaults(MicrophoneSettings), "wyoming": _defaults(WyomingSettings)}
    parts = Settings().model_dump(mode="json") | tables
    settings = {(section, key): value for section, part in parts.items() for key, value in part.items()}
    assert documented.keys() == settings.keys()
    for name, value in settings.items():
        assert documented[name] == ("" if value is None else json.dumps(value).strip('"')), name


def _defaults(kind: type[BaseModel]) -> dict[str, object]:
    return {name: None if field.is_required() else field.default for name, field in kind.model_fields.items()}
