# SPDX-License-Identifier: GPL-2.0-or-later
"""Which microphones this machine has, by ``arecord -L``."""

import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from appliance.limits import ARECORD_S, COMPLAINT_CHARACTERS

#: What a name begins with that converts what the microphone gives; the others are the same microphones again.
_CONVERTING = ("plughw:", "default")


class Device(NamedTuple):
    """One way to a microphone."""

    name: str  #: as the settings take it
    what: str


def microphones() -> list[Device]:
    """Return the microphones that ALSA knows. Raises OSError if arecord cannot be started, or says nothing."""
    try:
        command = ["arecord", "-L"]  # found on PATH, as the service finds it
        ran = subprocess.run(command, capture_output=True, check=True, timeout=ARECORD_S)  # noqa: S603
    except subprocess.SubprocessError as error:
        raise OSError(f"arecord -L: {error}") from None
    return [each for each in listed(ran.stdout.decode(errors="replace")) if each.name.startswith(_CONVERTING)]


def listed(text: str) -> Iterator[Device]:
    """Yield what ``arecord -L`` lists: a name at the begin of a line, and what it is on those that are indented."""
    name = ""
    about: list[str] = []
    for line in [*text.splitlines(), "end"]:
        if line[:1].isspace():
            about.append("".join(filter(str.isprintable, line)).strip())
            continue
        if name:
            yield Device(name, ", ".join(about)[:COMPLAINT_CHARACTERS])
        name, about = line.strip(), []
