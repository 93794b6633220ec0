# SPDX-License-Identifier: GPL-2.0-or-later
"""How sure an upload is: detectors add up, a proven name adds, a device not known as a speaker takes away."""

from collections.abc import Iterable

from appliance.events import Device, Proof
from appliance.rules import ConfidenceRule


def confidence(
    rule: ConfidenceRule, detectors: Iterable[str], by: Proof, signature: str | None, device: Device | None
) -> float:
    """Return 0..1: one minus the product of the doubts that detectors, name and signature leave."""
    doubt = rule.proof[by]
    for detector in detectors:
        doubt *= rule.detector[detector]
    if signature is not None:
        doubt *= rule.signature
    if device is None or device.speaker is None:
        doubt = 1 - (1 - doubt) * rule.not_a_speaker
    return round(1 - doubt, 3)
