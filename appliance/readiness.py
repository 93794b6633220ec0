# SPDX-License-Identifier: GPL-2.0-or-later
"""What a service tells systemd of itself (sd_notify(3)): that it is ready, alive, or about to stop.

Without systemd nobody asks, and nothing is sent.
"""

import os
import socket
from contextlib import suppress


def tell_ready() -> None:
    """Say that the service does its work from now on."""
    _tell("READY=1")


def tell_alive() -> None:
    """Say that the service still does its work: more often than each half of the unit's WatchdogSec."""
    _tell("WATCHDOG=1")


def tell_stopping() -> None:
    """Say that the service is about to end."""
    _tell("STOPPING=1")


def _tell(state: str) -> None:
    """Send it, if systemd listens; a service does not fail because its manager is away for a moment."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as plug:
        plug.sendto(state.encode(), address)
