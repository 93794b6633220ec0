# SPDX-License-Identifier: GPL-2.0-or-later
"""microWakeWord networks, through pymicro-wakeword (Apache-2.0; it brings TensorFlow Lite's C library)."""

from collections.abc import Sequence

from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

from appliance.ears.engine import EngineError, Samples, Score, packaged
from appliance.ears.frames import Frames
from appliance.rules.wake import MicroWakeWordRule

_CHUNK = 160  #: samples that its features are made of at a time


class MicroWakeWords:
    """The microWakeWord rules of a household, which share their features."""

    def __init__(self, rules: Sequence[MicroWakeWordRule]) -> None:
        self._frames = Frames(_CHUNK)
        self._features = MicroWakeWordFeatures()
        self._models = [(rule, _model(rule)) for rule in rules]

    def feed(self, samples: Samples) -> list[Score]:
        """Return a score for each word every 30 ms, where it is not below the rule's near miss."""
        scores = []
        for at, frame in self._frames.feed(samples):
            for features in self._features.process_streaming(frame.tobytes()):
                for rule, model in self._models:
                    value = model.process_streaming_prob(features) or 0.0
                    if value >= rule.near_miss and value > 0:
                        scores.append(Score(at, rule.id, min(float(value), 1.0)))
        return scores

    def reset(self) -> None:
        """Forget all that was heard."""
        self._frames.reset()
        self._features.reset()
        for _, model in self._models:
            model.reset()


def _model(rule: MicroWakeWordRule) -> MicroWakeWord:
    path = rule.own_file or packaged("pymicro-wakeword", f"pymicro_wakeword/models/{rule.model}.json")
    try:
        return MicroWakeWord.from_config(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EngineError(f"{rule.id}: {path} is no model for microWakeWord: {error}") from None
