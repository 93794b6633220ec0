# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys

from tests.conftest import ROOT

PROGRAM = """
import ctypes, os, resource, subprocess
from appliance.listening.memory import keep_out_of_files
locked = keep_out_of_files()
lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
child = subprocess.run(["sh", "-c", "ulimit -c"], capture_output=True, text=True).stdout.strip()
print(locked, int(lines["VmLck"].split()[0]) > 0, resource.getrlimit(resource.RLIMIT_CORE), child)
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), int(lines["VmRSS"].split()[0]) < 150_000)
"""


def test_memory_stays_memory() -> None:
    """No core is dumped, of the process or of what it starts; nobody may look in; what is locked is not swapped."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT)
    first, second = ran.stdout.splitlines()
    assert first in {"True True (0, 0) 0", "False False (0, 0) 0"}
    assert second == "0 True"
