# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that bench/live.py measures ours against: each counts what it sees on an interface until it is asked."""

import re
import shutil
import subprocess
from pathlib import Path

_ASKED = """
import os, signal, sys
seen = 0
def say(*_):
    sys.stderr.write(f"{seen} packets captured\\n")
    sys.stderr.flush()
    os._exit(0)
signal.signal(signal.SIGTERM, say)
def count(packet):
    global seen
    seen += 1
"""
_SCAPY = """
from scapy.all import AsyncSniffer
sniffer = AsyncSniffer(iface=sys.argv[1], prn=count, store=False)
sniffer.start()
while True:
    signal.pause()
"""
_PYSHARK = """
import pyshark
for packet in pyshark.LiveCapture(sys.argv[1]).sniff_continuously():
    count(packet)
"""
_NFSTREAM = """
import nfstream
for flow in nfstream.NFStreamer(source=sys.argv[1], idle_timeout=1, active_timeout=1):
    seen += flow.bidirectional_packets
"""


def peers(python: Path, interface: str) -> dict[str, list[str]]:
    """Return the command of each peer that is there; ``python`` is of an environment with those written in Python."""
    programs = {"scapy AsyncSniffer": _SCAPY, "pyshark": _PYSHARK, "nfstream": _NFSTREAM}
    commands = {
        name: [str(python), "-c", _ASKED + code, interface] for name, code in programs.items() if _has(python, name)
    }
    if shutil.which("tcpdump"):
        commands["tcpdump -s 128 -w /dev/null"] = ["tcpdump", "-i", interface, "-s", "128", "-w", "/dev/null"]
    return commands


def seen(words: str) -> tuple[int, int]:
    """Return how many packets a peer says it saw, and lost."""
    saw, lost = (re.search(rf"(\d+) packets {what}", words) for what in ("captured", "dropped by kernel"))
    return int(saw[1]) if saw else 0, int(lost[1]) if lost else 0


def _has(python: Path, name: str) -> bool:
    """Say whether a library is there."""
    command = [str(python), "-c", f"import {name.partition(' ')[0]}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
