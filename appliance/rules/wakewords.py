# SPDX-License-Identifier: GPL-2.0-or-later
"""Which words call which speaker."""

import re
from collections.abc import Collection, Iterable, Mapping


class WakeWords:
    """The words of each speaker rule; spelling (case, spaces, hyphens) makes no difference.

    ``by_speaker`` maps the id of a speaker rule to its words; ``same`` lists words that a speaker takes for each other.
    """

    def __init__(self, by_speaker: Mapping[str, Collection[str]], same: Iterable[Iterable[str]]) -> None:
        groups = [[_spelt(word) for word in group] for group in same]
        self._same = {word: group[0] for group in groups for word in group}
        self._by_speaker = {speaker: self.all(words) for speaker, words in by_speaker.items()}

    def one(self, word: str) -> str:
        """Return the one spelling that stands for ``word`` and all it is taken for."""
        spelt = _spelt(word)
        return self._same.get(spelt, spelt)

    def all(self, words: Iterable[str]) -> frozenset[str]:
        """Return the words' one spellings."""
        return frozenset(map(self.one, words))

    def of(self, speaker: str | None) -> frozenset[str]:
        """Return the words of a speaker rule; none if nobody knows."""
        return self._by_speaker.get(speaker, frozenset()) if speaker else frozenset()


def _spelt(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.casefold()).strip()
