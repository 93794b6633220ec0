# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears in other rooms: a second machine that only listens, and tells the hub facts and never sound."""
