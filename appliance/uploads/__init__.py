# SPDX-License-Identifier: GPL-2.0-or-later
"""The detectors of voice uploads: one file each, and one that merges them."""
