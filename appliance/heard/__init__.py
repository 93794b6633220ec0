# SPDX-License-Identifier: GPL-2.0-or-later
"""What ears heard on its way into the ledger, and what they promise the judge by it; wherever the ears are."""
