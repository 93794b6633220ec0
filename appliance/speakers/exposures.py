# SPDX-License-Identifier: GPL-2.0-or-later
"""What devices let others read: how they protect their flows, what they send in plain text, identifiers they tell.

Each thing is noted once for each device, however often it is seen.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from appliance.events import Asked, Exposure, ExposureKind, Greeting, Sighting
from appliance.limits import DEVICES, EXPOSURE_AGAIN, EXPOSURES_PER_DEVICE
from appliance.rules import Rules
from appliance.sightings import clean_text

_Thing = tuple[ExposureKind, str]


@dataclass(slots=True)
class _Times:
    seen: float
    told: float = -inf


class Exposures:
    """Takes greetings, questions and sightings; gives exposures to whoever asks for them."""

    def __init__(self, rules: Rules) -> None:
        self._leaks = rules.leaks
        self._devices: OrderedDict[str, dict[_Thing, _Times]] = OrderedDict()
        self.too_many = 0  #: things not noted because a device had shown too many

    def feed(self, fact: Greeting | Asked | Sighting) -> None:
        """Note what a fact shows."""
        match fact:
            case Greeting(protocol="HTTP"):
                self._note(fact.time, fact.flow.device, ExposureKind.PLAIN, clean_text(fact.host or fact.flow.remote))
            case Greeting():
                self._note(fact.time, fact.flow.device, ExposureKind.TLS, fact.protocol)
            case Asked():
                self._note(fact.time, fact.device, ExposureKind.DNS, "")
            case Sighting():
                for rule in self._leaks.look(fact.device, fact.kind, fact.value):
                    self._note(fact.time, fact.device, ExposureKind.IDENTIFIER, rule.id)

    def take(self, devices: Iterable[str]) -> list[Exposure]:
        """Return what is new of ``devices``, or was last told longer ago than EXPOSURE_AGAIN and still goes on."""
        news = []
        for device in sorted(devices):
            for (kind, value), times in self._devices.get(device, {}).items():
                if times.seen - times.told >= EXPOSURE_AGAIN:
                    times.told = times.seen
                    news.append(Exposure(times.seen, device, kind, value))
        return news

    def _note(self, time: float, device: str, kind: ExposureKind, value: str) -> None:
        things = self._devices.setdefault(device, {})
        self._devices.move_to_end(device)
        if len(self._devices) > DEVICES:
            self._devices.popitem(last=False)
        known = things.get((kind, value))
        if known is not None:
            known.seen = time
        elif len(things) < EXPOSURES_PER_DEVICE:
            things[kind, value] = _Times(time)
        else:
            self.too_many += 1
