# SPDX-License-Identifier: GPL-2.0-or-later
"""The image, started as it is in a virtual machine: ``image/test``."""
