# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.diary.entries import entries
from appliance.diary.kept import kept
from appliance.evidence import Shelf
from appliance.ledger import Reader
from appliance.settings import EvidenceSettings, Paths


def test_the_capture_of_an_entry_is_found(reader: Reader, paths: Paths) -> None:
    """Every capture on the shelf belongs to one entry, of its device and its time; a wake word alone has none."""
    shelf = Shelf(paths.evidence, EvidenceSettings())
    every = entries(reader)
    found = [(each, capture) for each in every if (capture := kept(reader, shelf, each))]
    assert sorted(capture.key for _, capture in found) == sorted(each.key for each in shelf.kept())
    assert found
    assert all(each.verdict.device == capture.device for each, capture in found)
    assert all(abs(each.time - capture.time) <= 1 for each, capture in found)
    assert not any(kept(reader, shelf, each) for each in every if each.verdict.upload is None)
