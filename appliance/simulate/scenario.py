# SPDX-License-Identifier: GPL-2.0-or-later
"""What is to be played: whose home, for how long, with what in it, by which seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.simulate.models import MODELS

START = 1_781_395_200.0  #: 2026-06-14 00:00 UTC; a default, since the play must not depend on the clock
DAY = 86_400.0

#: every kind that can be left out -> what it is
BEHAVIOURS: dict[str, str] = {
    "commands": "somebody says the wake word and asks for something",
    "follow_ups": "a second question within seconds of the reply, without the wake word",
    "false_wakes": "speech that was no wake word; the cloud checks and hangs up within 2.5 s",
    "unexplained": "speech that was no wake word, and a long upload",
    "silence": "an upload while nobody made a sound",
    "other_wakes": "a speaker that wakes at another vendor's wake word",
    "calls": "two-way media for minutes",
    "arbitration": "a second speaker of the vendor hears the same wake word and gives way",
    "near_misses": "wake words that our ear hears only half",
    "muted": "a wake word and no upload",
    "outages": "an ear that is not listening while a speaker uploads",
    "gaps": "a capture that drops frames during an upload",
    "conversations": "people who talk to each other",
    "telemetry": "metrics at wire speed, and a companion connection after each command",
    "reports": "what the speaker reports on its voice flow some seconds after a command",
    "boots": "DHCP, names, hellos, boot telemetry and account sync",
    "reconnects": "a voice flow that is opened anew, so that its name can be seen",
    "keep_alives": "pings that keep the voice flow open",
    "updates": "firmware, downstream",
    "music": "music and radio, downstream",
    "timers": "connections that idle speakers make",
    "announcements": "mDNS and SSDP",
    "chatter": "speakers that talk to each other in the LAN",
    "others": "a laptop, a phone and a network disk: web, calls, backups, ssh",
    "lookalikes": "other devices' dictation, meetings and camera: they keep a beat too",
    "stalls": "Wi-Fi that holds data back for up to 300 ms",
    "loss": "segments lost before the capture, which sees them once, 0.2 to 0.35 s late",
    "retransmission": "segments sent again though the capture has seen them: it sees them twice",
    "reordering": "segments that overtake each other",
    "offload": "segments merged to frames of up to 64 kB",
    "ipv6": "flows over IPv6",
}

#: how often, a day and speaker; but ``conversations`` a day and household, ``others`` and ``lookalikes`` times their
#: habits, ``follow_ups`` share of commands, ``stalls`` a second and device. False wakes: 0.03 to 0.24 an hour of
#: television, by wake word (PETS 2020). Uploads in silence are rare in truth, and here frequent enough for a month
#: to show some.
RATES: dict[str, float] = {
    "commands": 13.0,
    "follow_ups": 0.12,
    "false_wakes": 0.7,
    "unexplained": 0.3,
    "silence": 0.25,
    "other_wakes": 0.25,
    "calls": 0.2,
    "arbitration": 0.6,
    "near_misses": 0.6,
    "muted": 0.2,
    "outages": 0.25,
    "gaps": 0.25,
    "conversations": 10.0,
    "telemetry": 3.0,
    "boots": 0.15,
    "reconnects": 0.3,
    "updates": 0.05,
    "music": 0.8,
    "chatter": 4.0,
    "others": 1.0,
    "lookalikes": 1.0,
    "stalls": 0.04,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A speaker of the household: a model of ``models.MODELS``, its room, and what the family calls it."""

    model: str
    room: str
    name: str


HOUSEHOLD = (
    Place("echo", "kitchen", "Kitchen Echo"),
    Place("echo-dot-3", "living-room", "Living room Dot"),
    Place("echo-tls13", "bedroom", "Bedroom Echo"),
    Place("homepod", "study", "HomePod"),
    Place("home-mini", "hall", "Hall Mini"),
    Place("unknown-vbr", "nursery", "Nova"),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A household to play. The same scenario gives the same bytes.

    ``start`` is in seconds since the epoch, the household's hours are UTC's; ``days`` may be a fraction. ``snap`` cuts
    every captured frame to so many bytes (0: whole), ``bulk_snap`` cuts the payload of downstream and other devices'
    data, beyond each connection's hello.
    """

    days: float = 1.0
    seed: int = 1
    speakers: tuple[Place, ...] = HOUSEHOLD
    start: float = START
    behaviours: frozenset[str] = frozenset(BEHAVIOURS)
    rates: Mapping[str, float] = field(default_factory=lambda: RATES)
    snap: int = 0
    bulk_snap: int = 64

    def __post_init__(self) -> None:
        """Raise ValueError for what cannot be played."""
        if unknown := set(self.behaviours) - set(BEHAVIOURS):
            raise ValueError(f"no such behaviour: {', '.join(sorted(unknown))}")
        if unknown := {place.model for place in self.speakers} - set(MODELS):
            raise ValueError(f"no such speaker: {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
        if not 0 < self.days <= 3660:
            raise ValueError("days must be more than 0 and at most 3660")

    @property
    def end(self) -> float:
        """When the play ends, seconds since the epoch."""
        return self.start + self.days * DAY

    def without(self, *kinds: str) -> "Scenario":
        """Return the same play with these behaviours left out. Raises ValueError if there is no such behaviour."""
        if unknown := set(kinds) - set(BEHAVIOURS):
            raise ValueError(f"no such behaviour: {', '.join(sorted(unknown))}")
        fields = {name: getattr(self, name) for name in self.__slots__}
        return Scenario(**{**fields, "behaviours": self.behaviours - set(kinds)})


#: one day in which everything happens a few times
DEMO_RATES = RATES | {
    "commands": 4.0,
    "follow_ups": 0.25,
    "silence": 0.4,
    "other_wakes": 0.5,
    "calls": 0.5,
    "arbitration": 0.6,
    "muted": 0.4,
    "outages": 0.5,
    "gaps": 0.4,
    "boots": 0.5,
    "music": 0.4,
    "others": 0.3,
    "lookalikes": 0.0,
}


def demo_scenario() -> Scenario:
    """Return the household that ``install.sh --demo`` shows: a day, five speakers, a few of each verdict."""
    return Scenario(days=1, seed=18, speakers=HOUSEHOLD[:5], rates=DEMO_RATES)
