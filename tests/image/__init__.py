# SPDX-License-Identifier: GPL-2.0-or-later
"""What of the image can be tried without building it."""
