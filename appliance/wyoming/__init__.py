# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears of other software: voice satellites that tell, by the Wyoming protocol, which wake words they heard."""
