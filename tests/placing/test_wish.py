# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import ASKED_BYTES
from appliance.placing.plan import PlacingError
from appliance.placing.wish import Wanted, asked, parsed

GOOD = {"ssid": "Home", "passphrase": "a secret", "country": "DE"}


def test_what_the_page_asks_for_is_taken_once(tmp_path: Path) -> None:
    """The file is read and gone: it is done once, whatever comes of it."""
    path = tmp_path / "place.json"
    path.write_text('{"placement": "bridge", "ports": ["eth0", "eth1"]}')
    wish = asked(path)
    assert (wish.placement, wish.ports) == (Wanted.BRIDGE, ("eth0", "eth1"))
    assert not path.exists()
    with pytest.raises(PlacingError, match="No such file"):
        asked(path)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large"])
def test_what_is_no_plain_small_file_is_not_read(tmp_path: Path, kind: str) -> None:
    """The hub cannot make root read what the hub may not read, nor wait for ever."""
    path = tmp_path / "place.json"
    secret = tmp_path / "secret"
    secret.write_text('{"placement": "bridge"}')
    if kind == "link":
        path.symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_text('{"placement": "bridge"' + " " * ASKED_BYTES + "}")
    with pytest.raises(PlacingError):
        asked(path)
    assert secret.exists()
    assert not path.is_file()


@pytest.mark.parametrize(
    "said",
    [
        {"placement": "router"},
        {"placement": "bridge", "minutes": 9999},
        {"placement": "bridge", "ports": ["eth0", "eth0"]},
        {"placement": "bridge", "ports": ["../../etc"]},
        {"placement": "bridge", "ports": ["eth0; reboot"]},
        {"placement": "bridge", "wifi": GOOD},
        {"placement": "access-point"},
        {"placement": "access-point", "wifi": GOOD | {"ssid": "a\nwpa=0"}},
        {"placement": "access-point", "wifi": GOOD | {"passphrase": "short"}},
        {"placement": "access-point", "wifi": GOOD | {"passphrase": "12345678\nwpa=0"}},
        {"placement": "access-point", "wifi": GOOD | {"country": "de"}},
        {"placement": "access-point", "wifi": GOOD | {"channel": 14}},
        [],
        None,
    ],
)
def test_what_is_not_understood_is_refused(said: object) -> None:
    """Nothing is guessed and nothing left out; a secret that was said is not told again."""
    with pytest.raises(PlacingError) as refused:
        parsed(json.dumps(said).encode())
    assert "a secret" not in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_wish_or_refused(raw: bytes) -> None:
    """Whatever the file says."""
    with suppress(PlacingError):
        assert parsed(raw).placement in Wanted


@given(st.text(max_size=40), st.text(max_size=70), st.text(max_size=3))
def test_what_comes_into_hostapds_settings_stays_on_its_line(ssid: str, passphrase: str, country: str) -> None:
    """No name and no passphrase can add a setting: whatever was let in is one line."""
    said = {"placement": "access-point", "wifi": {"ssid": ssid, "passphrase": passphrase, "country": country}}
    try:
        wish = parsed(json.dumps(said).encode())
    except PlacingError:
        return
    assert wish.wifi
    assert all(len(value.splitlines()) == 1 for value in (wish.wifi.ssid, wish.wifi.passphrase, wish.wifi.country))
