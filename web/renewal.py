# SPDX-License-Identifier: GPL-2.0-or-later
"""The home's certificates, for the names and addresses that this machine has now."""

import time
from socket import gethostname

from appliance.certificates import Certificates, home_certificates
from appliance.settings import Settings
from web.addresses import own_addresses
from web.hosts import own_names


def the_certificates(settings: Settings, now: float) -> Certificates:
    """Return them, new ones if those that were there age or name another machine. Raises OSError."""
    names = own_names(gethostname(), settings.web.names)
    return home_certificates(settings.paths.certificates, names, own_addresses(), now)


def renew(settings: Settings) -> str:
    """Look at them, and say in words what there is. Raises OSError."""
    if settings.web.https == "off":
        return "there is no encryption to renew anything for"
    found = the_certificates(settings, time.time())
    return f"the home's authority is {found.fingerprint[:16]}…"
