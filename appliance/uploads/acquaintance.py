# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of a flow: its name, what the name is for, and whether it has shown itself to be a voice flow.

The voice flow is opened at boot and lives for days, so its name is often not in view. Then it is learnt: by its
keep-alive beat, or by an earlier upload.
"""

from collections.abc import Sequence
from math import inf

from appliance.events import Device, FlowKey, Named, Proof, Role
from appliance.rules import KeepaliveRule, Rules

_RANK = {proof: rank for rank, proof in enumerate(Proof)}


class Acquaintance:
    """Name, role and proof of one flow, as far as they are known now."""

    def __init__(self, flow: FlowKey, rules: Rules) -> None:
        self._rules = rules
        self.flow = flow
        self.host: str | None = None
        self.by = Proof.NONE
        self.learnt_at = inf  #: when it had shown itself to be a voice flow
        self._vendor: str | None = None  # of the name's rule
        self._role = Role.UNKNOWN
        self._shared = False
        self._keepalive = Keepalive(rules.uploads.keepalives)
        self._uploads = 0

    def named(self, fact: Named) -> None:
        """Take the flow's name; a worse proof never replaces a better one."""
        if _RANK[fact.by] > _RANK[self.by]:
            return
        self.host, self.by = fact.host, fact.by
        rule = self._rules.hosts.look(fact.host)
        if rule is None:
            self._role, self._shared = Role.UNKNOWN, False
        else:
            self._vendor, self._role, self._shared = rule.vendor, rule.role, rule.shared

    def pinged(self, time: float, length: int) -> str | None:
        """Take a piece too small for audio; return the id of the keep-alive that gives a voice flow away, once."""
        beat = self._keepalive.feed(time, length)
        if beat is None or self._learnt:
            return None
        self.learnt(time)
        return beat

    def uploaded(self, time: float, detectors: int) -> None:
        """Take it that an upload has ended that so many detectors saw: two at once teach, or one again and again."""
        self._uploads += 1
        if detectors > 1 or self._uploads >= self._rules.uploads.merge.learn_after:
            self.learnt(time)

    def learnt(self, time: float) -> None:
        """Take it that the flow has shown itself to be a voice flow."""
        self.learnt_at = min(self.learnt_at, time)

    @property
    def _learnt(self) -> bool:
        return self.learnt_at < inf

    def role(self, device: Device | None) -> Role:
        """Return what the flow is for; a name that others use too means voice only on its vendor's speaker."""
        if self._shared and not self._of_its_vendor(device):
            return Role.UNKNOWN
        return self._role

    def voice(self, device: Device | None) -> bool:
        """Whether the flow is known as a voice flow: by a name that nothing else has, or by what it did before."""
        role = self.role(device)
        if role is Role.VOICE and not self._shared:
            return True
        return self._learnt and role in (Role.VOICE, Role.UNKNOWN)

    def owned(self, device: Device | None) -> bool:
        """Whether a vendor's speaker talks to an address of that vendor, with no name that speaks against voice."""
        return self._of_its_vendor(device) and self.role(device) in (Role.UNKNOWN, Role.VOICE)

    def proof(self, device: Device | None) -> Proof:
        """Return how the flow is known, best first."""
        if self.host is not None:
            return self.by
        if self._learnt:
            return Proof.LEARNT
        return Proof.OWNER if self._of_its_vendor(device) else Proof.NONE

    def _of_its_vendor(self, device: Device | None) -> bool:
        if device is None or device.vendor is None:
            return False
        return device.vendor == (self._vendor or self._rules.owners.look(self.flow.remote))


class Keepalive:
    """Notices a small record of one length that comes again and again after one known period, and nothing between."""

    def __init__(self, rules: Sequence[KeepaliveRule]) -> None:
        self._rules = rules
        self._last = float("-inf")
        self._counts: dict[str, int] = {}

    def feed(self, time: float, length: int) -> str | None:
        """Take one small piece and return the id of the keep-alive whose beat it proves."""
        gap, self._last = time - self._last, time
        self._counts = {rule.id: self._counts.get(rule.id, 0) + 1 for rule in self._rules if rule.fits(length, gap)}
        return next((rule.id for rule in self._rules if self._counts.get(rule.id, 0) >= rule.count), None)
