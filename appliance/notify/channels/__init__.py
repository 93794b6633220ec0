# SPDX-License-Identifier: GPL-2.0-or-later
"""The ways in which a letter reaches a person, one file for each."""

from appliance.notify.channels.kinds import KINDS, Field, Kind, kind_of, said_of, sender

__all__ = ["KINDS", "Field", "Kind", "kind_of", "said_of", "sender"]
