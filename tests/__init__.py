# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests; they mirror the tree of what they test."""

import os

#: As in every process of the appliance: threads that wait for each other make a busy machine's matrices slow.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
