# SPDX-License-Identifier: GPL-2.0-or-later
import shutil

import pytest

from appliance.listening.devices import Device, listed, microphones

SAID = """null
    Discard all samples (playback) or generate zero samples (capture)
hw:CARD=Device,DEV=0
    USB PnP Sound Device, USB Audio
    Direct hardware device without any conversions
plughw:CARD=Device,DEV=0
    USB PnP Sound Device, USB Audio
    Hardware device with all software conversions
"""


def test_devices_are_named_as_the_settings_take_them() -> None:
    """A name, and what arecord says of it, in one line."""
    assert list(listed(SAID))[1:] == [
        Device(
            "hw:CARD=Device,DEV=0", "USB PnP Sound Device, USB Audio, Direct hardware device without any conversions"
        ),
        Device(
            "plughw:CARD=Device,DEV=0", "USB PnP Sound Device, USB Audio, Hardware device with all software conversions"
        ),
    ]
    assert list(listed("")) == []


def test_this_machine() -> None:
    """What arecord lists here is understood, whatever there is."""
    if not shutil.which("arecord"):
        pytest.skip("arecord is not installed: it is part of the Debian package alsa-utils")
    assert all(each.name and not each.name[0].isspace() for each in microphones())


def test_without_arecord(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error that can be told."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OSError, match="arecord"):
        microphones()
