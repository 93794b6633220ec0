# SPDX-License-Identifier: GPL-2.0-or-later
"""Sound in, facts out: wake words, speech, and when an ear did not hear. Sound is never kept, written or sent."""
