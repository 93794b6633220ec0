# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness hub``: the service that judges."""

from functools import partial
from pathlib import Path
from time import sleep

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
from appliance.serve import serve
from appliance.settings import Placement
from appliance.speakers.registry_file import RegistryError
from appliance.wyoming.reports import Reports


@click.command()
@settings_option
def hub(settings_file: Path) -> None:
    """Judge what the other services put into the ledger, until asked to end."""
    settings, rules = the_settings(settings_file)
    try:
        boot = this_boot(settings.paths.run)
        voices = None
        if settings.ears.wyoming and settings.capture.placement is not Placement.REPLAY:
            voices = Reports(settings, rules, boot, partial(opened_in, settings, Service.EARS, boot))
        service = HubService(settings, rules, boot, partial(opened, settings, Service.HUB), voices)
    except (OSError, LedgerError, RegistryError, SoundsError) as error:
        refuse(in_words(error))
    serve(service, partial(sleep, HUB_TICK_S))
