# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.simulate.models import MODELS, Model


@pytest.mark.parametrize("name", MODELS)
def test_models_are_possible(name: str) -> None:
    """Ranges run upwards, records fit TLS, and the beat is one at which audio is made."""
    model: Model = MODELS[name]
    ranges = (model.voice.context, model.voice.dump, model.boot, model.report, model.metrics_sizes)
    assert all(least <= most for least, most in ranges)
    assert model.voice.dump_record <= 16_408
    assert model.wake_words
    codec = model.voice.codec
    assert codec is None or (0.01 <= codec.beat <= 0.1 and codec.late < codec.beat and codec.record[0] >= 60)


def test_tls13_takes_two_bytes_less() -> None:
    """The same codec makes records that are 2 B shorter under TLS 1.3."""
    for old, new in (("echo", "echo-tls13"), ("echo-dot-3", "echo-pcm-tls13")):
        before, after = MODELS[old].voice.codec, MODELS[new].voice.codec
        assert before is not None
        assert after is not None
        assert (before.beat, before.record[0] - 2) == (after.beat, after.record[0])
