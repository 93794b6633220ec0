# SPDX-License-Identifier: GPL-2.0-or-later
"""What the services' commands have in common: their settings, and the ledger they open."""

from pathlib import Path

from appliance.clocks import Boot, read_clocks
from appliance.commands.settings_file import settings_in
from appliance.commands.words import refuse
from appliance.events import Service
from appliance.ledger import Ledger, LedgerError, open_ledger
from appliance.rules import RuleError, Rules, load_rules
from appliance.serve import WARNING, say
from appliance.settings import Settings


def the_settings(path: Path) -> tuple[Settings, Rules]:
    """Return the settings and the rules; end with what is wrong with them. The services' folders are made."""
    settings = settings_in(path)
    try:
        rules = load_rules(settings.paths.rules if settings.paths.rules.is_dir() else None)
    except RuleError as error:
        refuse(str(error))
    for folder in (settings.paths.state, settings.paths.run):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings, rules


def opened(settings: Settings, service: Service) -> Ledger:
    """Open the ledger for a service; say what had to be mended. Raises LedgerError."""
    ledger = open_ledger(settings.paths.ledger, service=service, now=read_clocks().wall / 1e9)
    if ledger.mended:
        say(WARNING, ledger.mended)
    return ledger


def opened_in(settings: Settings, service: Service, boot: Boot) -> tuple[Ledger, int]:
    """Open the ledger for a service, and begin the boot in it. Raises LedgerError."""
    ledger = opened(settings, service)
    return ledger, ledger.begin(boot.id, boot.anchor / 1e9)


def in_words(error: Exception) -> str:
    """Say what kept a service from starting, and what helps."""
    if isinstance(error, PermissionError):
        return f"{error.filename or error.strerror}: not permitted: start it as a service, or as root"
    return str(error) if isinstance(error, LedgerError) else f"{error}"
