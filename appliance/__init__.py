# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything of Earwitness that runs without a browser."""

__version__ = "0.1.0"
