# SPDX-License-Identifier: GPL-2.0-or-later
"""Where on the broker everything is; docs/mqtt.md describes it, it is a contract."""

import re
from dataclasses import dataclass
from socket import gethostname

#: What a topic cannot have within one step; for control characters brokers may hang up (MQTT 5, 1.5.4).
_FORBIDDEN = re.compile(r"[/+#\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def here() -> "Topics":
    """Return the topics of this machine."""
    return Topics(_FORBIDDEN.sub("-", gethostname().partition(".")[0]) or "earwitness")


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one appliance, ``node`` being its name among others of its kind."""

    node: str

    @property
    def base(self) -> str:
        """Under which all are."""
        return f"earwitness/{self.node}"

    @property
    def status(self) -> str:
        """``online``, or ``offline`` by the broker's own word."""
        return f"{self.base}/status"

    @property
    def alert(self) -> str:
        """Each alert as JSON, as a webhook would get it."""
        return f"{self.base}/alert"

    @property
    def pause(self) -> str:
        """Whether alerts are paused: ``ON`` or ``OFF``."""
        return f"{self.base}/pause"

    @property
    def pause_set(self) -> str:
        """Where others say whether they shall be."""
        return f"{self.base}/pause/set"

    def speaker(self, mac: str) -> str:
        """One speaker's state, as JSON."""
        return f"{self.base}/speaker/{mac.replace(':', '')}"

    def event(self, mac: str) -> str:
        """Each verdict on one speaker, as JSON."""
        return f"{self.speaker(mac)}/event"

    def ear(self, name: str) -> str:
        """One ear's state, as JSON."""
        return f"{self.base}/ear/{_FORBIDDEN.sub('-', name)}"
