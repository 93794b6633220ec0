# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns verdicts and health findings into few, true, timely messages, and sees that they arrive."""
