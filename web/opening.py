# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens the web beside the hub's service, with the hub's own registry and household."""

from threading import Thread

from appliance.hub.service import HubService
from appliance.rules import Rules
from appliance.serve import NOTICE, say
from appliance.settings import Placement, Settings
from web.accounts import Accounts
from web.app import create_app
from web.beside import Beside
from web.house import House
from web.local_name import LocalName
from web.server import WebServer


def open_web(settings: Settings, rules: Rules, hub: HubService, beside: Beside) -> WebServer:
    """Serve the web, and return it. Raises AccountsError if it cannot be known who may come in; OSError.

    While the house has no owner the one-time code of the first run is written to the journal.
    """
    accounts = Accounts(settings.paths.state)
    if not accounts.users.owned():
        where, code = settings.web.url, accounts.code.make()
        say(NOTICE, f"the dashboard, {where}, waits for its owner: the one-time code is {code}")
    parts = (beside.office, beside.satellites, beside.schedule)
    house = House(settings, rules, hub.registry, accounts, hub.household, *parts)
    server = WebServer(create_app(house), house)
    server.start()
    if settings.capture.placement is not Placement.REPLAY and not settings.web.address.is_loopback:
        Thread(target=LocalName().run, name="name", daemon=True).start()
    return server
