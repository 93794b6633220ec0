# SPDX-License-Identifier: GPL-2.0-or-later
import base64
import io
import json
import subprocess
import sys

from appliance.events import Glimpse
from appliance.sightings import Sightings
from appliance.sightings.dissecting import answer
from tests.sightings.frames import DEVICE, dhcp

FRAME = bytes(dhcp(("hostname", b"amazon-1234")))


def question(frame: bytes) -> bytes:
    asked = {"time": 1.0, "device": DEVICE, "link": 1, "frame": base64.b64encode(frame).decode()}
    return json.dumps(asked).encode() + b"\n"


def test_a_frame_in_its_sightings_out() -> None:
    """Each line is answered by one line: what the same frame shows when it is dissected in place."""
    answers = io.BytesIO()
    answer(io.BytesIO(question(FRAME) + question(b"nonsense")), answers)
    first, second = answers.getvalue().splitlines()
    assert json.loads(first) == [[s.kind, s.value] for s in Sightings().feed(Glimpse(1.0, DEVICE, 1, FRAME))]
    assert json.loads(first)
    assert json.loads(second) == []


def test_the_process_ends_with_its_questions() -> None:
    """When nobody asks any more the process ends, and well."""
    command = [sys.executable, "-m", "appliance.sightings.dissecting"]
    done = subprocess.run(command, input=question(FRAME), capture_output=True, check=True)
    assert json.loads(done.stdout)
    assert done.stderr == b""
