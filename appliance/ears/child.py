# SPDX-License-Identifier: GPL-2.0-or-later
"""Has a recording heard by a process of its own, for those who must not load the engines (see ``recording``)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from appliance.ears.wav import RecordingError

#: One thread: on small matrices more of them only wait for each other.
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@contextmanager
def heard_elsewhere(recording: Path, start: float, ear: str, rules: Path) -> Iterator[BinaryIO]:
    """Give the lines of a sounds file on ``recording``, as they come; ``rules``: the household's own.

    Errors: RecordingError, at the end, if the recording could not be heard, or not to its end.
    """
    command = [sys.executable, "-m", "appliance.ears.recording", "--start", repr(start), "--ear", ear]
    command += ["--rules", str(rules), "--", str(recording)]
    env = os.environ | _ALONE
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603 - own
        if child.stdout is None or child.stderr is None:
            raise RecordingError("it cannot be heard: there are no pipes")
        yield cast(BinaryIO, child.stdout)
        child.stdout.read()
        complaint = child.stderr.read().decode(errors="replace").strip()
    if child.returncode:
        raise RecordingError(complaint.splitlines()[-1] if complaint else f"the ears ended with {child.returncode}")
