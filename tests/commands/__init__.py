# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the commands, run as a user runs them."""
