# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the appliance stands in the network: a plan, then a change that goes back by itself if nobody keeps it.

Nothing is imported here: the watch for loops, which always runs, shall not carry the rest.
"""
