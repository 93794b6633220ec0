# SPDX-License-Identifier: GPL-2.0-or-later
import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

NOTHING = "0" * 16
DROP = """
from appliance.capture.privileges import PrivilegesError, drop_capabilities
{before}
try:
    drop_capabilities()
except PrivilegesError as error:
    print("PrivilegesError:", error)
print(open("/proc/self/status").read())
{after}
"""


def started(*prefix: str, before: str = "", after: str = "") -> dict[str, str]:
    """Run a program that drops its capabilities; return what the kernel says of it."""
    if os.geteuid():
        pytest.skip("only root has capabilities to give back")
    code = DROP.format(before=before, after=after)
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [*prefix, sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=ROOT, env=one_thread, capture_output=True, text=True, check=True)
    return {name: value.strip() for name, _, value in (line.partition(":") for line in ran.stdout.splitlines())}


def test_root_keeps_nothing() -> None:
    """Afterwards no set of capabilities holds any, and none can come."""
    status = started()
    assert "PrivilegesError" not in status
    assert [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")] == [NOTHING] * 5
    assert status["NoNewPrivs"] == "1"


def test_root_is_root_no_more() -> None:
    """What only root may do is refused, to the process and to what it starts."""
    after = """
import socket, subprocess
for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
    try:
        socket.socket(socket.AF_PACKET, kind, 0)
    except PermissionError:
        print("refused: yes")
found = subprocess.run(["grep", "CapEff", "/proc/self/status"], capture_output=True, text=True)
print("started:", found.stdout.split()[1])
"""
    status = started(after=after)
    assert status["refused"] == "yes"
    assert status["started"] == NOTHING


def test_a_service_keeps_nothing() -> None:
    """A user whom systemd gave CAP_NET_RAW has nothing left, though the bounding set is not its own."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv of util-linux is not here")
    ambient = (setpriv, "--bounding-set=-all,+net_raw", "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw")
    status = started(*ambient, "--reuid=65534", "--clear-groups")
    assert [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")] == [NOTHING] * 4
    assert status["NoNewPrivs"] == "1"
    assert "PrivilegesError" not in status


def test_a_thread_from_before_is_found() -> None:
    """A thread that keeps its rights is an error, not a surprise."""
    before = "import threading; done = threading.Event(); threading.Thread(target=done.wait).start()"
    status = started(before=before, after="done.set()")
    assert "keeps its rights" in status["PrivilegesError"]
