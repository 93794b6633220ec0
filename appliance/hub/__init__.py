# SPDX-License-Identifier: GPL-2.0-or-later
"""The hub: judges what the other services put into the ledger, as it comes, and looks after what is kept."""
