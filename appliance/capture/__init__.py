# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in: capture files and, live, the ring; headers parsed by whole chunks. Nothing here knows of speakers."""

from appliance.capture.damage import CaptureError, Damage, NotACapture, Unreadable
from appliance.capture.files import Capture, open_capture
from appliance.capture.fragments import Fragments
from appliance.capture.frames import Frames, Packets
from appliance.capture.links import LINKS
from appliance.capture.parse import parse

__all__ = [
    "LINKS",
    "Capture",
    "CaptureError",
    "Damage",
    "Fragments",
    "Frames",
    "NotACapture",
    "Packets",
    "Unreadable",
    "open_capture",
    "parse",
]
