# SPDX-License-Identifier: GPL-2.0-or-later
"""What people and programs get to see of an analysis: tables, day lanes, JSON lines."""
