# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.household import Evidence, Privacy, evidence_settings, ledger_settings
from appliance.settings import EvidenceSettings, LedgerSettings


def test_without_a_choice_the_settings_file_holds() -> None:
    """A household that chose nothing has what the file says."""
    ledger, evidence = LedgerSettings(keep_days=7), EvidenceSettings(whole=True, keep_days=3)
    assert ledger_settings(ledger, Privacy()) == ledger
    assert evidence_settings(evidence, Privacy()) == evidence


def test_a_choice_counts_more() -> None:
    """What was chosen replaces what the file says, and nothing else."""
    chosen = Privacy(keep_days=30, traffic_days=5, sounds_days=2, evidence_days=9)
    assert ledger_settings(LedgerSettings(max_mb=50), chosen) == LedgerSettings(
        keep_days=30, keep_traffic_days=5, keep_sounds_days=2, max_mb=50
    )
    assert evidence_settings(EvidenceSettings(max_files=8), chosen) == EvidenceSettings(keep_days=9, max_files=8)


@pytest.mark.parametrize(
    ("chosen", "keep", "whole"),
    [(Evidence.NONE, False, False), (Evidence.HEADERS, True, False), (Evidence.WHOLE, True, True)],
)
def test_what_is_kept_of_frames(chosen: Evidence, keep: bool, whole: bool) -> None:  # noqa: FBT001 - a table
    """Nothing, headers or whole frames, whatever the file says."""
    made = evidence_settings(EvidenceSettings(keep=not keep, whole=not whole), Privacy(evidence=chosen))
    assert (made.keep, made.whole) == (keep, whole)
