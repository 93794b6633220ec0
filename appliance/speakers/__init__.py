# SPDX-License-Identifier: GPL-2.0-or-later
"""Which device is a smart speaker: sightings and the matching of rules."""
