# SPDX-License-Identifier: GPL-2.0-or-later
"""A network of its own for this process and those it starts, in which is nothing; it is gone when they have ended."""

import ctypes
import os
from pathlib import Path

_NEW_USER, _NEW_NET = 0x1000_0000, 0x4000_0000  # linux/sched.h


def leave_the_network() -> None:
    """Go into an empty network namespace, for good; who is not root becomes the root of a user namespace for that.

    Raises OSError where that is not permitted; then nothing has changed. Call it before there are threads.
    """
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NET) == 0:
        return
    if libc.unshare(_NEW_USER | _NEW_NET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "namespaces")
    own = Path("/proc/self")
    own.joinpath("setgroups").write_bytes(b"deny")
    own.joinpath("uid_map").write_bytes(b"0 %d 1" % user)
    own.joinpath("gid_map").write_bytes(b"0 %d 1" % group)
