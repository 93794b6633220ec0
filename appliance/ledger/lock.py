# SPDX-License-Identifier: GPL-2.0-or-later
"""Who has the ledger open: whoever comes first, alone, may check and mend it."""

import os
import time
from collections.abc import Callable
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path

from appliance.limits import LEDGER_MEND_LOOK_S, LEDGER_MEND_WAIT_S


class Lock:
    """A lock on the file ``NAME.lock`` beside the ledger; the kernel frees it when its holder dies."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o770, exist_ok=True)
        self._file = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)

    def alone(self) -> bool:
        """Take the lock for ourselves, if nobody has the ledger open; then nobody can open it until ``share``."""
        try:
            flock(self._file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_alone(self, needed: Callable[[], bool]) -> bool:
        """Like ``alone``, but give the others some time to close it, as long as that is ``needed``."""
        until = time.monotonic() + LEDGER_MEND_WAIT_S
        while not (alone := self.alone()) and needed() and time.monotonic() < until:
            time.sleep(LEDGER_MEND_LOOK_S)
        return alone

    def share(self) -> None:
        """Have the ledger open like others; waits while somebody mends it."""
        flock(self._file, LOCK_SH)

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._file)
