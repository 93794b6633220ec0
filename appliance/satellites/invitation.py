# SPDX-License-Identifier: GPL-2.0-or-later
"""What the owner of a hub types on another machine to make it a satellite."""

from socket import gethostname

from appliance.certificates import fingerprint
from appliance.clocks import read_clocks, this_boot
from appliance.satellites.codes import write_code
from appliance.satellites.membership import Address
from appliance.satellites.roster import Roster
from appliance.settings import Https, Settings


class InvitationError(Exception):
    """Nobody can be invited; the message says why, and what helps."""


def invite(settings: Settings) -> str:
    """Let one more satellite come; return the command for it. Raises InvitationError."""
    here = _here(settings)
    try:
        authority = (settings.paths.certificates / "home-ca.crt").read_bytes()
        boot = this_boot(settings.paths.run)
        secret = Roster(settings.paths.satellites).invite(boot.id, boot.steady(read_clocks()))
    except FileNotFoundError:
        raise InvitationError(
            "the hub has no certificates: start it, with [web] https in its settings not “off”, and ask again"
        ) from None
    except OSError as error:
        raise InvitationError(f"{error.filename}: {error.strerror}: ask as root") from None
    return f"earwitness ears pair {here} {write_code(secret, fingerprint(authority))}"


def _here(settings: Settings) -> str:
    """Return where a satellite finds this hub."""
    web = settings.web
    if web.https is Https.OFF or not web.serve:
        raise InvitationError("satellites come over HTTPS, and it is off: see [web] https in the settings")
    host = f"{gethostname().partition('.')[0]}.local" if web.address.is_unspecified else str(web.address)
    return str(Address(host=host, port=web.https_port))
