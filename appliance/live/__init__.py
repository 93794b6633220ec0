# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture service: live frames through the same stages as a capture file; what comes of them, into the ledger."""
