# SPDX-License-Identifier: GPL-2.0-or-later
"""The evidence that is kept of an entry."""

from appliance.diary.entries import Entry
from appliance.evidence import Shelf
from appliance.evidence.shelf import Kept, key_of
from appliance.ledger import Reader


def kept(reader: Reader, shelf: Shelf, found: Entry) -> Kept | None:
    """Return the capture on the shelf of what an entry is about; None if there is none, or no more."""
    query = "SELECT boot_id, about, moment FROM verdict JOIN boot ON boot.id = boot WHERE verdict.id = ?"
    rows = reader.rows(query, (found.id,)) if found.verdict.upload else []
    return next((shelf.find(key_of(*row)) for row in rows), None)
