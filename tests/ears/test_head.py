# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears.embedding import MODELS, WIDTH
from appliance.ears.engine import EngineError
from appliance.ears.head import Head
from tests.ears.sounds import head


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A head that was saved judges as before."""
    path, made = tmp_path / "own.npz", head()
    made.save(path)
    windows = np.random.default_rng(1).normal(0, 1, (5, 4, WIDTH)).astype(np.float32)
    assert Head.load(path).scores(windows) == pytest.approx(made.scores(windows), abs=2e-3)


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever the file holds, it is a head or an EngineError."""
    path = tmp_path_factory.mktemp("heads") / "own.npz"
    packaged = (MODELS / "computer.npz").read_bytes()
    for content in (raw, packaged[: len(raw)] + raw, packaged[: -len(raw) - 1]):
        path.write_bytes(content)
        with pytest.raises(EngineError):
            Head.load(path)
