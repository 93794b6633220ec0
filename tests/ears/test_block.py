# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np

from appliance.ears.block import Block


def test_time_is_counted_in_samples() -> None:
    """A block ends as many sixteen-thousandths of a second after its begin as it has samples."""
    assert Block(100.0, np.zeros(4000, np.int16)).ended_at == 100.25
