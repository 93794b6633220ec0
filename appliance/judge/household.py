# SPDX-License-Identifier: GPL-2.0-or-later
"""Who stands where and answers to what: rooms, ears, speakers and their wake words."""

from collections.abc import Collection
from typing import TypeVar

from appliance.events import Device, Ear, Placement, Upload
from appliance.limits import JUDGE_DEVICES, JUDGE_EARS
from appliance.rules.wakewords import WakeWords

V = TypeVar("V")


class Household:
    """What the household says of its rooms, and what the devices showed of themselves.

    An ear without a room, or one that nobody introduced, hears the whole home; a speaker without one may be anywhere.
    """

    def __init__(self, words: WakeWords, well_heard: frozenset[str] | None = None) -> None:
        """Take which words there are, and which of them ears seldom miss; None for all."""
        self.refused = 0
        self._words = words
        self._well_heard = well_heard
        self._ears: dict[str, str | None] = {}
        self._placements: dict[str, Placement] = {}
        self._devices: dict[str, Device] = {}

    def feed(self, fact: Ear | Placement | Device) -> None:
        """Take what is said of an ear or a device; the newest word counts."""
        match fact:
            case Ear():
                self._put(self._ears, fact.ear, fact.room, JUDGE_EARS)
            case Placement():
                self._put(self._placements, fact.device, fact, JUDGE_DEVICES)
            case Device():
                known = self._devices.get(fact.device)
                if known is None or known.time <= fact.time:
                    self._put(self._devices, fact.device, fact, JUDGE_DEVICES)

    def met(self, ear: str) -> None:
        """Take note of an ear that reports without having been introduced."""
        if ear not in self._ears:
            self._put(self._ears, ear, None, JUDGE_EARS)

    def _put(self, table: dict[str, V], key: str, value: V, limit: int) -> None:
        if key not in table and len(table) >= limit:
            self.refused += 1
        else:
            table[key] = value

    @property
    def ears(self) -> Collection[str]:
        """Every ear of the home."""
        return self._ears.keys()

    def room(self, device: str) -> str | None:
        """The room the device stands in, if the household said so."""
        placement = self._placements.get(device)
        return placement.room if placement else None

    def name(self, device: str) -> str | None:
        """What people call the device: their own name for it before its own."""
        placement, known = self._placements.get(device), self._devices.get(device)
        return (placement.name if placement else None) or (known.name if known else None)

    def near(self, ear: str, device: str) -> bool:
        """Whether the ear hears the room that the device stands in."""
        room, of_ear = self.room(device), self._ears.get(ear)
        return room is None or of_ear is None or room.casefold() == of_ear.casefold()

    def ears_near(self, device: str) -> list[str]:
        """The ears that hear the device's room; on them alone an accusation may rest."""
        return [*self._ears] if self.room(device) is None else [ear for ear in self._ears if self.near(ear, device)]

    def speaker(self, device: str) -> str | None:
        """The speaker rule that the device matched."""
        known = self._devices.get(device)
        return known.speaker if known else None

    def recognised(self, upload: Upload) -> bool:
        """Whether the uploading device is known to be a speaker: by its rule, or because the household says so."""
        device = upload.flow.device
        return bool(upload.speaker or self.speaker(device)) or device in self._placements

    def listens(self, device: str, speaker: str | None, word: str) -> bool:
        """Whether ``word`` calls the device; a device whose words nobody knows may listen to any."""
        words = self._words_of(device, speaker)
        return not words or self._words.one(word) in words

    def missed(self, device: str, speaker: str | None) -> frozenset[str]:
        """Return the words that call the device, if ears often miss them all; none if nobody knows its words."""
        words = self._words_of(device, speaker)
        return frozenset() if self._well_heard is None or words & self._well_heard else words

    def listeners(self, ear: str, word: str) -> list[str]:
        """The speakers in the ear's room that are known to listen to ``word``."""
        speakers = {d for d, known in self._devices.items() if known.speaker} | self._placements.keys()
        word = self._words.one(word)
        return sorted(d for d in speakers if self.near(ear, d) and word in self._words_of(d, None))

    def same(self, word: str, other: str) -> bool:
        """Whether two spellings are one wake word."""
        return self._words.one(word) == self._words.one(other)

    def _words_of(self, device: str, speaker: str | None) -> frozenset[str]:
        placement = self._placements.get(device)
        if placement and placement.wake_words:
            return self._words.all(placement.wake_words)
        return self._words.of(speaker or self.speaker(device))
