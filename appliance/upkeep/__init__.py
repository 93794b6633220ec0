# SPDX-License-Identifier: GPL-2.0-or-later
"""What is done with the appliance itself: forgetting, backup and restore, a bundle for those who help."""
