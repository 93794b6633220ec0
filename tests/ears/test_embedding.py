# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears.embedding import STEP, WIDTH, Embedding, session
from appliance.ears.engine import EngineError

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
