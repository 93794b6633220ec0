# SPDX-License-Identifier: GPL-2.0-or-later
"""What the hub asks root's side for: a file in a folder where only the hub may write, and systemd looks for.

The hub has no right to change the machine. Units of root's wait for these files (systemd/earwitness-*.path), look at
what is in them as at anything that somebody sent, and take them away.
"""

import os
from enum import StrEnum

from appliance.disk import replace_file
from appliance.settings import Paths


class Errand(StrEnum):
    """What can be asked for, by the file's name."""

    KEEP = "confirm-network"  #: the change of the network
    PLACE = "place.json"  #: this machine otherwise in the network
    UPDATE = "update"  #: with the bundle that lies ready


def can_ask(paths: Paths) -> bool:
    """Say whether anybody would look: on a machine whose services install.sh installed."""
    return os.access(paths.asked, os.W_OK)


def ask(paths: Paths, errand: Errand, content: str = "") -> None:
    """Ask. Raises OSError."""
    replace_file(paths.asked / errand, content)


def is_asked(paths: Paths, errand: Errand) -> bool:
    """Say whether it was asked for, and nobody has begun with it."""
    return (paths.asked / errand).exists()
