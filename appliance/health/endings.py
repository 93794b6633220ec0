# SPDX-License-Identifier: GPL-2.0-or-later
"""Services that do not stay up: systemd notes each ending, and who starts again and again is told of.

A unit's ExecStopPost= adds a line to RUN/SERVICE.ended: how long the machine was up then, in seconds, and how the
service ended, in systemd's words ($SERVICE_RESULT of systemd.exec(5)).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from appliance.clocks import Boot
from appliance.events import Evidence, Service
from appliance.health.reading import Ending, Reading
from appliance.health.trouble import Trouble
from appliance.limits import ENDINGS, ENDINGS_BYTES, ENDINGS_S

_WELL = {"success", "exec-condition"}
#: Why it ended, by systemd's word; every other one is a failure.
_WHY = {
    "oom-kill": "it had too little memory",
    "watchdog": "it stood still",
}


def read_endings(run: Path, boot: Boot) -> tuple[Ending, ...]:
    """Return how and when our services ended since the machine started, as far as it is noted; never raises."""
    return tuple(ending for service in Service for ending in _noted(run / f"{service}.ended", service, boot))


def _noted(path: Path, service: Service, boot: Boot) -> Iterator[Ending]:
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - ENDINGS_BYTES, 0))
            lines = file.read(ENDINGS_BYTES).decode("ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        up, _, why = line.partition(" ")
        with suppress(ValueError, OverflowError):
            yield Ending(service, float(up) + boot.anchor / 1e9, why)


def restless(reading: Reading) -> Iterator[Trouble]:
    """Yield the services that ended badly some times in the last minutes."""
    for service in Service:
        ended = [each for each in reading.endings if each.service is service and each.why not in _WELL]
        lately = [each for each in ended if 0 <= reading.time - each.time <= ENDINGS_S]
        if len(lately) >= ENDINGS:
            yield _trouble(service, lately)


def _trouble(service: Service, ended: list[Ending]) -> Trouble:
    ((usual, _),) = Counter(each.why for each in ended).most_common(1)
    why = _WHY.get(usual, "it failed")
    return Trouble(
        f"{service}-restless",
        f"The service earwitness-{service} ended {len(ended)} times within {ENDINGS_S / 60:.0f} minutes: {why}.",
        f"It is started again each time, and sees nothing in between. What it said: journalctl -u earwitness-{service}",
        figures=(Evidence("result", None, usual), Evidence("endings", len(ended), "times")),
    )
