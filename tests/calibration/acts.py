# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody who calls a speaker makes known."""

from dataclasses import replace

from appliance.calibration.course import Whom
from appliance.events import Speech, Upload, Wake
from tests.ledger.facts import announced

ECHO, DOT = "02:00:00:00:00:01", "02:00:00:00:00:02"
WHOM = Whom(ECHO, lambda word: word == "alexa", lambda ear: ear == "kitchen")


def sent(start: float, *, lasts: float = 2.0, device: str = ECHO) -> list[Upload]:
    """An upload that is known after half a second, and known to be over three after its end."""
    begun = replace(announced(start, device), bytes_up=20_000)
    return [begun, replace(begun, time=start + lasts + 3, ended_at=start + lasts, bytes_up=int(10_000 * lasts))]


def said(time: float, word: str = "alexa", ear: str = "kitchen") -> Wake:
    """A name that ends at ``time``."""
    return Wake(time, ear, word, 0.9)


def talked(time: float, ear: str = "kitchen") -> Speech:
    """Three seconds of speech."""
    return Speech(time, time + 3, ear, -30.0)
