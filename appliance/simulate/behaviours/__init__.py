# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens in the household, one kind of thing a file: each puts traffic, sounds and their truth on the stage."""
