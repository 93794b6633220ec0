# SPDX-License-Identifier: GPL-2.0-or-later
"""Releases of Earwitness itself: bundles that install.sh installs without a network, and who vouches for them."""

from appliance.release.bundle import Release, examine, is_newer, is_version, unfit
from appliance.release.signature import ReleaseError, sign

__all__ = ["Release", "ReleaseError", "examine", "is_newer", "is_version", "sign", "unfit"]
