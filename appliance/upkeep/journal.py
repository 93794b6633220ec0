# SPDX-License-Identifier: GPL-2.0-or-later
"""The end of what the services wrote to the system's journal; or why it cannot be read, and who can."""

import shutil
import subprocess
from dataclasses import dataclass

from appliance.limits import JOURNAL_BYTES, JOURNAL_LINES, JOURNAL_S

_BY_HAND = f"sudo journalctl -u 'earwitness-*' -n {JOURNAL_LINES}"


@dataclass(frozen=True, slots=True)
class Journal:
    """Lines, oldest first; or none, and in words why."""

    lines: tuple[str, ...]
    problem: str = ""
    by_hand: str = _BY_HAND  #: what whoever may read it can type


def journal_tail(program: str = "journalctl") -> Journal:
    """Return the end of the journal of our units; never raises."""
    found = shutil.which(program)
    if found is None:
        return Journal((), "this system has no journal")
    command = [found, "-u", "earwitness-*", "-n", str(JOURNAL_LINES), "-o", "short-iso", "--no-pager", "-q"]
    try:
        said = subprocess.run(command, capture_output=True, timeout=JOURNAL_S, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - a fixed command
    except (OSError, subprocess.SubprocessError) as error:
        return Journal((), f"the journal cannot be read: {error}")
    lines = tuple(said.stdout[-JOURNAL_BYTES:].decode(errors="replace").splitlines())
    return Journal(lines, "" if lines else "nothing is in it that this service may read")
