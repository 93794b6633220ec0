# SPDX-License-Identifier: GPL-2.0-or-later
"""What is measured, against whom."""

import os

#: As in every process of the appliance, before numpy is there: its threads, waiting for each other, would be measured.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
