# SPDX-License-Identifier: GPL-2.0-or-later
"""The process that dissects for the capture service: one frame a line in, its sightings a line out, both JSON."""

import base64
import json
import resource
import sys
from typing import BinaryIO

from appliance.events import Glimpse
from appliance.limits import DISSECTING_BYTES
from appliance.sightings.sightings import Sightings


def answer(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer each line until there is none."""
    sightings = Sightings()
    for line in questions:
        asked = json.loads(line)
        glimpse = Glimpse(asked["time"], asked["device"], asked["link"], base64.b64decode(asked["frame"]))
        found = [(sighting.kind, sighting.value) for sighting in sightings.feed(glimpse)]
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (DISSECTING_BYTES, DISSECTING_BYTES))
    answer(sys.stdin.buffer, sys.stdout.buffer)
