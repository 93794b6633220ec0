# SPDX-License-Identifier: GPL-2.0-or-later
"""Getting to know one speaker: somebody calls it some times, and what network and ears caught of that is compared."""
