# SPDX-License-Identifier: GPL-2.0-or-later
"""What processes take: CPU time and memory of one and all its descendants, out of /proc."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS, _PAGE_BYTES = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
_LOOK_S = 0.25


@dataclass
class Use:
    """What processes took."""

    cpu: float = 0.0  #: seconds, user and system
    memory: float = 0.0  #: MB resident, summed up


def use(root: int) -> Use:
    """Return what a process and its descendants have taken so far, as far as they live or were waited for."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            found[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])), int(fields[21])
    family, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _, _) in found.items() if parent in family} - family
        family, grown = family | more, bool(more)
    taken = [found[pid] for pid in family if pid in found]
    return Use(sum(cpu for _, cpu, _ in taken) / _TICKS, sum(pages for _, _, pages in taken) * _PAGE_BYTES / 1e6)


def network_cpu() -> float:
    """Return the seconds of the kernel's threads for the network; what it does within a process is that process's."""
    seconds = 0.0
    for path in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):
            if path.read_text().startswith("ksoftirqd"):
                seconds += use(int(path.parent.name)).cpu
    return seconds


@contextmanager
def watched(root: int) -> Iterator[Use]:
    """Lend what, at the end, says which CPU time a process took meanwhile, and which memory it held at most."""
    begun, result, stop = use(root), Use(), threading.Event()

    def look() -> None:
        while not stop.wait(_LOOK_S):
            result.memory = max(result.memory, use(root).memory)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield result
    finally:
        stop.set()
        thread.join()
        ended = use(root)
        result.cpu, result.memory = ended.cpu - begun.cpu, max(result.memory, ended.memory)
