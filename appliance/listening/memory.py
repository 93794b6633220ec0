# SPDX-License-Identifier: GPL-2.0-or-later
"""Sound is in memory for some seconds; this keeps that memory from ever becoming a file."""

import ctypes
import resource

_SET_DUMPABLE = 4  # prctl(2)
_CURRENT, _FUTURE, _ON_FAULT = 1, 2, 4  # mlockall(2)
_libc = ctypes.CDLL(None, use_errno=True)


def keep_out_of_files() -> bool:
    """Forbid core dumps of this process, and of those it starts, and that others read its memory; forbid swapping it.

    Returns whether the last was allowed: systemd allows it (LimitMEMLOCK), a user's limits may not.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    return bool(_libc.mlockall(_CURRENT | _FUTURE | _ON_FAULT) == 0)
