# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine of small networks on the shared embedding: ours (``head``), and those in openWakeWord's format."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from appliance.ears.embedding import MODELS, STEP, WIDTH, WINDOW, Embedding, Embeddings, session
from appliance.ears.engine import EngineError, Samples, Score
from appliance.ears.head import Head
from appliance.ears.stack import Stack
from appliance.rules.wake import HeadRule

#: Windows, shape (count, WINDOW, WIDTH), to the scores of one or several rules: (count, rules).
Judge: TypeAlias = Callable[[Embeddings], Embeddings]


class Heads:
    """The head rules of a household, which share the embedding."""

    def __init__(self, rules: Sequence[HeadRule]) -> None:
        self._judges = list(_judges(rules))
        self._embedding = Embedding()
        self._silence = self._embedding.feed(np.zeros((WINDOW - 1) * STEP, np.int16))
        self._known = self._silence  #: the last embeddings, one less than a window
        self._at = 0
        self._embedding.reset()

    def feed(self, samples: Samples) -> list[Score]:
        """Return a score for each word every 80 ms, where it is not below the rule's near miss."""
        news = self._embedding.feed(samples)
        if not len(news):
            return []
        known = np.concatenate((self._known, news))
        windows = sliding_window_view(known, WINDOW, axis=0).transpose(0, 2, 1)
        scores = [score for rules, judge in self._judges for score in self._scores(rules, judge(windows))]
        self._known = known[len(news) :]
        self._at += len(news) * STEP
        return scores

    def reset(self) -> None:
        """Begin as after a long silence."""
        self._embedding.reset()
        self._known = self._silence
        self._at = 0

    def _scores(self, rules: Sequence[HeadRule], values: Embeddings) -> Iterator[Score]:
        for step, of_step in enumerate(values.tolist(), 1):
            for rule, value in zip(rules, of_step, strict=True):
                if value >= rule.near_miss and value > 0:
                    yield Score(self._at + step * STEP, rule.id, value)


def _judges(rules: Sequence[HeadRule]) -> Iterator[tuple[list[HeadRule], Judge]]:
    """Yield what judges ``rules``: those of one shape together, those of another format one by one."""
    ours: dict[object, list[tuple[HeadRule, Head]]] = {}
    for rule in rules:
        path = rule.own_file or MODELS / f"{rule.model}.npz"
        if path.suffix == ".onnx":
            yield [rule], _openwakeword(path)
        else:
            head = Head.load(path)
            if head.frames > WINDOW:
                raise EngineError(f"{path} looks at {head.frames} embeddings: {WINDOW} are the most")
            ours.setdefault(head.shape, []).append((rule, head))
    for alike in ours.values():
        yield [rule for rule, _ in alike], _together(Stack([head for _, head in alike]))


def _together(stack: Stack) -> Judge:
    return lambda windows: stack.scores(windows[:, -stack.frames :])


def _openwakeword(path: Path) -> Judge:
    """Return a head in openWakeWord's format: in (1, WINDOW, WIDTH), out one number."""
    if not path.is_file():
        raise EngineError(f"there is no file {path}")
    network = session(str(path))
    (given, *_) = network.get_inputs()
    if list(given.shape[1:]) != [WINDOW, WIDTH]:
        raise EngineError(f"{path} is no head in openWakeWord's format: it takes {given.shape}")

    def judge(windows: Embeddings) -> Embeddings:
        found = [network.run(None, {given.name: window[np.newaxis]})[0].flat[0] for window in windows]
        return np.clip(np.array(found, np.float32), 0, 1)[:, np.newaxis]

    return judge
