# SPDX-License-Identifier: GPL-2.0-or-later
"""The only place with opinions: from facts to verdicts."""
