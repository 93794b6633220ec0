# SPDX-License-Identifier: GPL-2.0-or-later
"""A bound on the memory of processes, as systemd's MemoryMax= sets it: a control group of either version."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.e2e.house import until

_ROOT = Path("/sys/fs/cgroup")


class Bound:
    """A control group that may take so many bytes. Skips where none can be made."""

    def __init__(self, most: int) -> None:
        first = _ROOT / "memory"  # of version 1
        self._folder = (first if first.is_dir() else _ROOT) / f"earwitness-test-{os.getpid()}-{most}"
        limit = "memory.limit_in_bytes" if first.is_dir() else "memory.max"
        try:
            self._folder.mkdir()
            (self._folder / limit).write_text(str(most))
        except OSError as error:
            if self._folder.is_dir():
                self._folder.rmdir()
            pytest.skip(f"memory cannot be bounded here: {error}")

    def take(self, pid: int) -> None:
        """Bound a process, and all that it starts from now on; what it has by now does not count."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        until("all of it to have ended", lambda: not (self._folder / "cgroup.procs").read_text())
        self._folder.rmdir()
