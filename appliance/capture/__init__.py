# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in: capture files and, live, the ring; headers parsed by whole chunks. Nothing here knows of speakers."""
