# SPDX-License-Identifier: GPL-2.0-or-later
"""What the owner of an image put on its boot partition is taken over, or it is said why not."""

import importlib.util
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGlhbWFrZXlmb3J0ZXN0c2FuZG5vdGhpbmdlbHNlMDE= ada@desk"


def _loaded() -> ModuleType:
    path = ROOT / "image" / "root" / "usr" / "lib" / "earwitness-image" / "take_over.py"
    spec = importlib.util.spec_from_file_location("take_over", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["take_over"] = module  # where dataclasses look
    spec.loader.exec_module(module)
    return module


taking = _loaded()


def test_a_wifi_becomes_what_wpa_supplicant_reads() -> None:
    """Name and password are in no form in which a strange sign could end them; the password itself is not kept."""
    name = 'Caf\u00e9 "}'
    change = taking.wifi(f"Country = de\nname={name}\npassword=p=ss word 12\n")
    assert "country=DE" in change.text
    assert f"ssid={name.encode().hex()}\n" in change.text
    assert "p=ss word" not in change.text
    assert change.mode == 0o600


def test_a_wifis_key_is_the_standards() -> None:
    """The key is that of IEEE 802.11's own example."""
    change = taking.wifi("country=US\nname=IEEE\npassword=password\n")
    assert "psk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e" in change.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name=Home\npassword=12345678", "country=DE"),
        ("country=DEU\nname=Home\npassword=12345678", "country=DE"),
        ("country=DE\npassword=12345678", "name="),
        (f"country=DE\nname={'x' * 33}\npassword=12345678", "32 bytes"),
        ("country=DE\nname=Home\npassword=1234567", "8 to 63"),
        ("country=DE\nname=Home\npassword=pässword12", "8 to 63"),
        ("", "country=DE"),
    ],
)
def test_a_wifi_that_cannot_be_is_refused_with_what_would_be_right(text: str, says: str) -> None:
    """Who made a mistake reads how it is done."""
    with pytest.raises(taking.NotUsableError, match=says):
        taking.wifi(text)


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused(text: str) -> None:
    """Whatever lies there, it becomes a change or a sentence."""
    for reader in (taking.wifi, taking.keys):
        try:
            change = reader(text)
        except taking.NotUsableError:
            continue
        assert "\x00" not in change.text


def test_keys_are_the_owners_and_nothing_else() -> None:
    """Comments go, keys stay; an option before a key, which could run a command, is refused."""
    change = taking.keys(f"# mine\n\n{KEY}\n")
    assert change.text == f"{KEY}\n"
    assert ("ssh-keygen", "-A") in change.commands
    for wrong in (f'command="reboot" {KEY}', "-----BEGIN OPENSSH PRIVATE KEY-----", "# nothing"):
        with pytest.raises(taking.NotUsableError):
            taking.keys(wrong)


def test_files_are_read_as_any_editor_writes_them(tmp_path: Path) -> None:
    """A mark of byte order and the line ends of other systems do not matter."""
    path = tmp_path / "wifi.txt"
    path.write_bytes(b"\xef\xbb\xbfcountry=DE\r\nname=Home\r\n")
    assert taking.read(path) == "country=DE\nname=Home\n"


@pytest.mark.parametrize(("raw", "says"), [(b"\xff\xfe", "UTF-8"), (b"x" * 70_000, "larger")])
def test_what_is_no_small_text_is_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    """It is not read further than it may be long."""
    path = tmp_path / "wifi.txt"
    path.write_bytes(raw)
    with pytest.raises(taking.NotUsableError, match=says):
        taking.read(path)


def test_what_is_good_is_taken_and_what_is_not_is_told(tmp_path: Path) -> None:
    """One bad file is no reason to leave a good one; what was taken has the mode of a secret, and its commands ran."""
    boot, root = tmp_path / "boot", tmp_path / "root"
    boot.mkdir()
    (boot / "wifi.txt").write_text("name=Home\n", encoding="utf-8")
    (boot / "authorized_keys").write_text(KEY, encoding="utf-8")
    ran: list[tuple[str, ...]] = []
    said = list(taking.take_over(boot, root, ran.append))
    assert [(name, done) for name, done, _ in said] == [("wifi.txt", False), ("authorized_keys", True)]
    kept = root / "root" / ".ssh" / "authorized_keys"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert ran == list(taking.keys(KEY).commands)


def test_what_fails_on_the_machine_is_told_too(tmp_path: Path) -> None:
    """A command that does not work does not end the start."""
    (tmp_path / "authorized_keys").write_text(KEY, encoding="utf-8")

    def fails(_: tuple[str, ...]) -> None:
        raise OSError(28, "No space left on device")

    ((name, done, says),) = taking.take_over(tmp_path, tmp_path, fails)
    assert (name, done) == ("authorized_keys", False)
    assert "No space left" in says
