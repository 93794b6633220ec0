# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears' service: microphones in, facts into the ledger. The sound itself goes nowhere."""
