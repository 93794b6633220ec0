# SPDX-License-Identifier: GPL-2.0-or-later
"""What each device of the house is, by all it has shown so far."""

from dataclasses import dataclass, field, replace

from appliance.events import Device, Sighting, SightingKind
from appliance.limits import DEVICE_EVIDENCE_SHOWN, DEVICES_KNOWN
from appliance.regulars import Regulars
from appliance.rules import Evidence, Match, Rules

#: A change of confidence that is worth telling.
NOTICEABLE = 0.05

#: What a kind of sighting is called in front of people.
WORDS = {
    SightingKind.OUI: "network chip by",
    SightingKind.DHCP_HOSTNAME: "DHCP host name",
    SightingKind.DHCP_PARAMETERS: "DHCP parameter list",
    SightingKind.DHCP_VENDOR: "DHCP vendor class",
    SightingKind.DHCP_OPTION: "DHCP option",
    SightingKind.MDNS_SERVICE: "offers by mDNS",
    SightingKind.MDNS_QUESTION: "asks by mDNS for",
    SightingKind.MDNS_TXT: "says by mDNS",
    SightingKind.MDNS_KEY: "has by mDNS a value",
    SightingKind.MDNS_HOST: "mDNS name",
    SightingKind.SSDP: "SSDP",
    SightingKind.USER_AGENT: "HTTP user agent",
    SightingKind.HOST: "talks to",
    SightingKind.BEHAVIOUR: "keeps the beat of",
}

#: Where a device's own name comes from, best first: the kind, and what stands before the name.
NAMES = ((SightingKind.MDNS_TXT, "fn="), (SightingKind.DHCP_HOSTNAME, ""), (SightingKind.MDNS_HOST, ""))


@dataclass(slots=True)
class Known:
    """What one device has shown, as far as any rule asks; its size is bounded by the rules, not by the device."""

    time: float
    maker: str | None = None  #: of the network chip
    seen: int = 0  #: one bit for each pattern of the rules that something matched
    shown: dict[int, tuple[float, str]] = field(default_factory=dict)  #: bit -> first time and value
    names: dict[int, tuple[float, str]] = field(default_factory=dict)  #: place in NAMES -> first time and value
    told: Device | None = None
    recalled: Device | None = None  #: what was known of it before


class Speakers:
    """Takes sightings, gives a Device each time one changes noticeably; the order of sightings makes no difference."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules.speakers
        self._known: Regulars[Known] = Regulars(DEVICES_KNOWN)

    def feed(self, sighting: Sighting) -> Device | None:
        """Take one sighting; return its device if that is new or has changed noticeably."""
        known = self._known.get(sighting.device) or Known(sighting.time)
        self._known.put(sighting.device, known, sighting.time)
        known.time = max(known.time, sighting.time)
        changed = _show(known, sighting, self._rules.bits(sighting.kind, sighting.value)) | _name(known, sighting)
        if sighting.kind is SightingKind.OUI:
            known.maker = sighting.value
        if known.told is not None and not changed:
            return None
        device = self._describe(sighting.device, known)
        if known.told is not None and not _differs(known.told, device):
            return None
        known.told = device
        return device

    def recall(self, device: Device) -> None:
        """Take what was known of a device before: it holds until the device shows as much again."""
        known = self._known.get(device.device) or Known(device.time)
        self._known.settle(device.device, known)
        known.told = known.recalled = device

    def welcome(self, residents: frozenset[str]) -> None:
        """Take it that these devices live here: strangers shall not push them aside."""
        self._known.welcome(residents)

    @property
    def evicted(self) -> int:
        """Devices forgotten because there were too many."""
        return self._known.evicted

    def devices(self) -> list[Device]:
        """Return all devices as they are known now."""
        return [self._describe(device, known) for device, known in self._known.items()]

    def _describe(self, device: str, known: Known) -> Device:
        now, before = self._shown(device, known), known.recalled
        if before is None or now.confidence >= before.confidence:
            return now
        return replace(before, time=now.time, name=now.name or before.name)

    def _shown(self, device: str, known: Known) -> Device:
        """Describe the device by what it showed this time."""
        match = self._rules.best(known.seen)
        name = next((value for _, (_, value) in sorted(known.names.items())), None)
        if match is None or not match.recognised:
            return Device(known.time, device, None, known.maker, None, name, 0.0, self._by(known, match))
        return Device(
            time=known.time,
            device=device,
            speaker=match.rule.id if match.rule.speaker else None,
            vendor=match.rule.vendor or known.maker,
            model=match.model.name if match.model else None if match.rule.speaker else match.rule.name,
            name=name,
            confidence=round(match.score, 3) if match.rule.speaker else 0.0,
            by=self._by(known, match),
        )

    def _by(self, known: Known, match: Match | None) -> tuple[str, ...]:
        """Return the reasons in words, the strongest first and nothing twice."""
        reasons: list[str] = []
        said: set[str] = set()
        for evidence in match.evidence if match else ():
            news = [words for words in self._words(known, evidence) if words not in said]
            said.update(news)
            reasons += [" and ".join(news)] if news else []
        return tuple(reasons[:DEVICE_EVIDENCE_SHOWN])

    def _words(self, known: Known, evidence: Evidence) -> list[str]:
        """Return for each kind of ``evidence`` what was seen first of it."""
        words = []
        for kind, patterns in evidence.when.items():
            shown = [known.shown[bit] for bit in self._rules.bits_of(kind, patterns) if bit in known.shown]
            words.append(f"{WORDS[kind]} {min(shown)[1]}")
        return words


def _show(known: Known, sighting: Sighting, bits: int) -> bool:
    """Note what the sighting matched; say whether any of it is new."""
    before, known.seen = known.seen, known.seen | bits
    while bits:
        bit = bits & -bits
        bits ^= bit
        shown = (sighting.time, sighting.value)
        known.shown[bit] = min(known.shown.get(bit, shown), shown)
    return known.seen != before


def _name(known: Known, sighting: Sighting) -> bool:
    """Note what the device called itself first; say whether that is news."""
    for place, (kind, before) in enumerate(NAMES):
        if kind is sighting.kind and sighting.value.startswith(before):
            named = (sighting.time, sighting.value.removeprefix(before))
            first = known.names.get(place)
            known.names[place] = named if first is None else min(first, named)
            return first is None or known.names[place][1] != first[1]
    return False


def _differs(before: Device, now: Device) -> bool:
    same = (before.speaker, before.vendor, before.model, before.name) == (now.speaker, now.vendor, now.model, now.name)
    return not same or abs(before.confidence - now.confidence) >= NOTICEABLE
