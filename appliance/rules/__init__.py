# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules, which are data in ``rules/``: read, checked and typed here and nowhere else."""

from appliance.rules.check import check
from appliance.rules.document import Problem, RuleError
from appliance.rules.hosts import HostRule, Hosts
from appliance.rules.load import OVERRIDES, Rules, load_rules
from appliance.rules.owners import Owners
from appliance.rules.speakers import Evidence, Match, SpeakerRule, SpeakerRules
from appliance.rules.types import said
from appliance.rules.uploads import (
    CadenceRule,
    ConfidenceRule,
    DetectorRule,
    FlushRule,
    KeepaliveRule,
    MediaRule,
    MergeRule,
    ReplyRule,
    SignatureRule,
    SteadyRule,
    Stream,
    UploadRules,
    VolumeRule,
)
from appliance.rules.verdicts import Story, VerdictName, VerdictRules
from appliance.rules.wake import WakeRules
from appliance.rules.wakewords import WakeWords

__all__ = [
    "OVERRIDES",
    "CadenceRule",
    "ConfidenceRule",
    "DetectorRule",
    "Evidence",
    "FlushRule",
    "HostRule",
    "Hosts",
    "KeepaliveRule",
    "Match",
    "MediaRule",
    "MergeRule",
    "Owners",
    "Problem",
    "ReplyRule",
    "RuleError",
    "Rules",
    "SignatureRule",
    "SpeakerRule",
    "SpeakerRules",
    "SteadyRule",
    "Story",
    "Stream",
    "UploadRules",
    "VerdictName",
    "VerdictRules",
    "VolumeRule",
    "WakeRules",
    "WakeWords",
    "check",
    "load_rules",
    "said",
]
