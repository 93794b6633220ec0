# SPDX-License-Identifier: GPL-2.0-or-later
"""What the ledger knows of a stretch of wall-clock time, for those who show it or tell of it."""
