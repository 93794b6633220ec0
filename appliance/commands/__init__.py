# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of ``earwitness``, a file each, imported only when called: a capture is analysed without a simulator."""
