# SPDX-License-Identifier: GPL-2.0-or-later
"""What a rule file may hold; the JSON schema for editors is written from this."""

import json
from collections.abc import Iterator

from appliance.rules.alerts import AlertRules
from appliance.rules.hosts import HostRule
from appliance.rules.leaks import LeakRule
from appliance.rules.owners import OwnerRule
from appliance.rules.recordings import RecordingsRule
from appliance.rules.relays import RelayRule
from appliance.rules.releases import ReleaseKeyRule
from appliance.rules.speakers import SpeakerRule
from appliance.rules.types import Rule, Strict
from appliance.rules.uploads import Detector, KeepaliveRule, SignatureRule
from appliance.rules.verdicts import VerdictRules
from appliance.rules.wake import HearingRule, WakeEngineRule


class RuleFile(Strict):
    """One file of rules: any sections, in any file."""

    speakers: tuple[SpeakerRule, ...] = ()
    hosts: tuple[HostRule, ...] = ()
    owners: tuple[OwnerRule, ...] = ()
    leaks: tuple[LeakRule, ...] = ()
    recordings: tuple[RecordingsRule, ...] = ()
    detectors: tuple[Detector, ...] = ()
    signatures: tuple[SignatureRule, ...] = ()
    keepalives: tuple[KeepaliveRule, ...] = ()
    verdicts: tuple[VerdictRules, ...] = ()
    alerts: tuple[AlertRules, ...] = ()
    relays: tuple[RelayRule, ...] = ()
    wake: tuple[WakeEngineRule, ...] = ()
    hearing: tuple[HearingRule, ...] = ()
    releases: tuple[ReleaseKeyRule, ...] = ()

    def all(self) -> Iterator[tuple[str, int, Rule]]:
        """Yield each rule with its section and its place there."""
        for section in type(self).model_fields:
            for place, rule in enumerate(getattr(self, section)):
                yield section, place, rule


def schema() -> str:
    """Return the JSON schema of rule files, as text that ends in a line feed."""
    return json.dumps(RuleFile.model_json_schema(), indent=1, sort_keys=True) + "\n"
