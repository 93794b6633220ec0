# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything of Earwitness that runs without a browser."""

import os

__version__ = "0.1.0"

#: numpy's linear algebra is not used here; its threads would take memory, and hold on to rights that are to be dropped.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
