# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts the power while the machine writes, again and again; what it had shown must be there afterwards."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from tests.e2e.image.guest import Guest
from tests.e2e.image.household import play, talking
from tests.e2e.install.street import Street
from tests.e2e.visitor import NO_ANSWER, Visitor

_PLAY_S = 70.0
_ANSWERS_S = 600.0
#: Beside the services' own writing: small files whose names change, as an update makes them, and a long one.
_WRITER = (
    "(while :; do date +%s%N >/var/lib/earwitness-cut.new; mv /var/lib/earwitness-cut.new /var/lib/earwitness-cut; "
    "dd if=/dev/zero of=/var/lib/earwitness-long bs=64k count=64 status=none; done) >/dev/null 2>&1 &"
)
_LEDGER = "file:/var/lib/earwitness/ledger/ledger.sqlite?mode=ro"
_CHECK = f"import sqlite3; print(*sqlite3.connect('{_LEDGER}', uri=True).execute('pragma quick_check').fetchone())"
Check = Callable[[str], AbstractContextManager[list[str]]]


def cut_the_power(check: Check, guest: Guest, street: Street, house: Visitor, count: int) -> None:
    """Cut it ``count`` times, each at some moment while a speaker talks."""
    dice = random.Random(7)
    shown: dict[int, Any] = {}
    for number in range(1, count + 1):
        with check(f"cut {number} of {count}: it starts again, and nothing shown is lost") as told:
            if not guest.running:  # the last one left it so
                guest.on()
                back(guest, street, house)
            guest.run(_WRITER)
            playing = play(talking(guest.folder / f"cut-{number}", _PLAY_S), street)
            shown |= _watch(house, time.monotonic() + dice.uniform(20, _PLAY_S))
            guest.cut()
            with suppress(OSError):  # it ended with its wires
                playing.stop()
            told.append(f"{len(shown)} verdicts shown; a shell after {guest.on():.0f} s")
            back(guest, street, house)
            now = _verdicts(house)
            assert {id_: now.get(id_) for id_ in shown} == shown
            assert guest.run(f'python3 -c "{_CHECK}"') == "ok"
            assert guest.run("cat /run/earwitness-image/kept") == "data"
            told.append(f"running after {float(guest.run('cut -d. -f1 /proc/uptime')):.0f} s")


def _watch(house: Visitor, until: float) -> dict[int, Any]:
    """Look at what is shown until a moment; return what was."""
    shown: dict[int, Any] = {}
    while time.monotonic() < until:
        with suppress(*NO_ANSWER):
            shown |= _verdicts(house)
    return shown


def _verdicts(house: Visitor) -> dict[int, Any]:
    found: dict[int, Any] = {}
    while True:
        page = house.ask(f"/verdicts?limit=200&since={max(found, default=0)}")
        found |= {each["id"]: each for each in page["items"]}
        if not page["more"]:
            return found


def back(guest: Guest, street: Street, house: Visitor) -> None:
    """Wait until the machine is up, traffic goes through it, and the dashboard answers."""
    guest.started()
    assert street.reached(120)  # the client's end of the wire went with the machine, and its address
    end = time.monotonic() + _ANSWERS_S
    while True:
        try:
            house.ask("/status")
        except NO_ANSWER:
            if time.monotonic() > end:
                raise
            time.sleep(1)
        else:
            return
