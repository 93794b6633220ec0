# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness hub``: the service that judges, and the web beside it."""

from functools import partial
from pathlib import Path
from time import sleep, time

import click

from appliance.clocks import this_boot
from appliance.commands.services import in_words, opened, opened_in, the_settings
from appliance.commands.settings_file import settings_option
from appliance.commands.words import refuse
from appliance.events import Service
from appliance.hub.chores import Hands, chores
from appliance.hub.clearing import Clearing
from appliance.hub.newest import Newest
from appliance.hub.service import HubService
from appliance.jobs import Records, Schedule
from appliance.judge import SoundsError
from appliance.ledger import LedgerError
from appliance.limits import HUB_TICK_S
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from appliance.satellites.receiver import Receiver
from appliance.serve import serve
from appliance.settings import Placement
from appliance.speakers.registry_file import RegistryError
from appliance.tongues import tongue
from appliance.wyoming.reports import Reports
from web.beside import Beside
from web.renewal import renew
from web.whole import Whole


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
        ledger = partial(opened, settings, Service.HUB)
        service = HubService(settings, rules, boot, ledger, voices)
        premises = Premises(settings.paths, rules.alerts, service.registry, service.household)
        office = Office(premises, settings.web.url, tongue, settings.web.encrypted_url)
        clearing = Clearing(settings, service.household, ledger, service.reached)
        newest = Newest(rules.newest, service.household, office.rounds.newer)
        jobs = chores(settings_file, premises, Hands(office, clearing, newest, partial(renew, settings)))
        zone = service.household.choices.home.clock
        schedule = Schedule(jobs, Records(settings.paths.jobs), zone, time())
    except (OSError, LedgerError, RegistryError, SoundsError) as error:
        refuse(in_words(error))
    whole = Whole(service, settings, rules, Beside(office, schedule, satellites))
    serve(whole, partial(sleep, HUB_TICK_S), whole.is_ready)
