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
from appliance.ears.engine import EngineError
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
