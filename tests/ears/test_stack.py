# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

from appliance.ears.embedding import MODELS, WIDTH
from appliance.ears.head import Head
from appliance.ears.stack import Stack


def test_together_they_judge_as_each_alone() -> None:
    """The scores of a stack are those of its heads, for embeddings as large as real ones."""
    heads = [Head.load(MODELS / f"{name}.npz") for name in ("alexa", "computer", "ziggy")]
    windows = np.random.default_rng(0).normal(0, 15, (7, heads[0].frames, WIDTH)).astype(np.float32)
    alone = np.stack([each.scores(windows) for each in heads], axis=1)
    assert Stack(heads).scores(windows) == pytest.approx(alone, abs=1e-4)
