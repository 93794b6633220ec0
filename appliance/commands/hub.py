# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness hub``: the service that judges, and the web beside it."""

from functools import partial
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import click

from appliance.clocks import this_boot
from appliance.commands.services import in_words, opened, opened_in, the_settings
from appliance.commands.settings_file import settings_option
from appliance.commands.words import refuse
from appliance.events import Service
from appliance.hub.service import HubService
from appliance.judge import SoundsError
from appliance.ledger import LedgerError
from appliance.limits import HUB_TICK_S
from appliance.notify.office import Office, Premises
from appliance.rules import Rules
from appliance.satellites.receiver import Receiver
from appliance.serve import WARNING, say, serve
from appliance.settings import Placement, Settings
from appliance.speakers.registry_file import RegistryError
from appliance.tongues import tongue
from appliance.wyoming.reports import Reports

if TYPE_CHECKING:
    from web.server import WebServer


@click.command()
@settings_option
def hub(settings_file: Path) -> None:
    """Judge what the other services put into the ledger, until asked to end; serve the dashboard beside it."""
    settings, rules = the_settings(settings_file)
    try:
        boot = this_boot(settings.paths.run)
        voices = None
        if settings.ears.wyoming and settings.capture.placement is not Placement.REPLAY:
            voices = Reports(settings, rules, boot, partial(opened_in, settings, Service.EARS, boot))
        satellites = None
        if settings.web.serve and settings.capture.placement is not Placement.REPLAY:
            satellites = Receiver(settings, rules, boot, partial(opened_in, settings, Service.EARS, boot))
        service = HubService(settings, rules, boot, partial(opened, settings, Service.HUB), voices)
        office = Office(
            Premises(settings.paths, rules.alerts, service.registry, service.household), settings.web.url, tongue
        )
    except (OSError, LedgerError, RegistryError, SoundsError) as error:
        refuse(in_words(error))
    service.broken_channels = lambda: office.broken
    serve(WithWeb(service, settings, rules, office, satellites), partial(sleep, HUB_TICK_S))


class WithWeb:
    """The hub's service, and the web beside it: it comes up in a thread of its own, and takes nothing down with it."""

    def __init__(
        self, service: HubService, settings: Settings, rules: Rules, office: Office, satellites: Receiver | None = None
    ) -> None:
        """Take who makes alerts, and who takes what satellites tell the web, if there is anybody."""
        self._service, self._settings, self._rules, self._satellites = service, settings, rules, satellites
        self._office = office
        office.open()
        self._problem = ""
        self._web: WebServer | None = None
        service.web_problem = self._trouble
        if satellites:
            satellites.start()
        if settings.web.serve:
            Thread(target=self._open, name="web", daemon=True).start()

    def step(self) -> bool:
        """Judge what is new."""
        return self._service.step()

    def close(self) -> None:
        """End the web, then write everything."""
        if self._web:
            self._web.close()
        self._office.close()
        if self._satellites:
            self._satellites.close()
        self._service.close()

    def _open(self) -> None:
        """Serve the web; what it imports takes a small machine seconds, in which the judge judges already."""
        try:
            from web.beside import open_web

            self._web = open_web(self._settings, self._rules, self._service, self._office, self._satellites)
        except Exception as error:  # noqa: BLE001 - whatever it is, the judge goes on
            self._problem = f"{error}"
            say(WARNING, f"the dashboard cannot be served: {error}")

    def _trouble(self) -> str:
        return self._problem or (self._web.problem if self._web else "")
