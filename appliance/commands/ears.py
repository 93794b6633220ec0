# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness ears``: the service that listens, and what one does to microphones and wake words by hand."""

from functools import partial
from pathlib import Path
from time import sleep

import click

from appliance.clocks import this_boot
from appliance.commands.services import in_words, opened_in, the_settings
from appliance.commands.settings_file import settings_option
from appliance.commands.words import refuse
from appliance.events import Service
from appliance.ledger import LedgerError
from appliance.limits import EARS_TICK_S
from appliance.serve import WARNING, say, serve

_NOT_INSTALLED = "the ears' engines are not installed: pip install 'earwitness[ears]'"


@click.group(invoke_without_command=True)
@settings_option
@click.pass_context
def ears(context: click.Context, settings_file: Path) -> None:
    """Listen for wake words and speech, and put what is heard into the ledger, until asked to end.

    The sound itself goes nowhere.
    """
    context.obj = settings_file
    if context.invoked_subcommand is None:
        _listen(settings_file)


def _listen(settings_file: Path) -> None:
    try:
        from appliance.ears.engine import EngineError
        from appliance.listening.memory import keep_out_of_files
        from appliance.listening.service import EarsService
    except ImportError:
        refuse(_NOT_INSTALLED)
    settings, rules = the_settings(settings_file)
    if not keep_out_of_files():
        say(WARNING, "the memory may be swapped: LimitMEMLOCK= of the service is too small")
    try:
        boot = this_boot(settings.paths.run)
        service = EarsService(settings, rules, boot, partial(opened_in, settings, Service.EARS, boot))
    except (OSError, LedgerError, EngineError) as error:
        refuse(in_words(error))
    serve(service, partial(sleep, EARS_TICK_S))
