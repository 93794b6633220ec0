# SPDX-License-Identifier: GPL-2.0-or-later
import os
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes, os, sys
from appliance.selftest.apart import leave_the_network
if user := int(sys.argv[1]):
    os.setgroups([]); os.setgid(user); os.setuid(user)
    ctypes.CDLL(None).prctl(4, 1)  # PR_SET_DUMPABLE: who became somebody else may not write to /proc/self, else
try:
    leave_the_network()
except OSError as error:
    sys.exit(error.strerror)
print(os.geteuid(), *sorted(line.split(":")[0].strip() for line in open("/proc/thread-self/net/dev") if ":" in line))
"""
NOBODY = 65_534


@pytest.mark.parametrize("user", [0, NOBODY])
def test_who_leaves_the_network_sees_nothing_of_it(user: int) -> None:
    """Only a loopback is left, for root and, where user namespaces are permitted, for anybody; both are root there."""
    if user and os.geteuid():
        pytest.skip("only root can become somebody else")
    command = [sys.executable, "-c", _PROGRAM, str(user)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"not permitted here: {done.stderr.strip()}")
    assert done.stdout == "0 lo\n"
