# SPDX-License-Identifier: GPL-2.0-or-later
"""A household that is not there: its traffic, its sounds and the truth about them."""
