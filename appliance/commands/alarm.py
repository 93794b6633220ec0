# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness alarm``: what systemd starts when the hub does not stay up."""

import time
from pathlib import Path

import click

from appliance.commands.settings_file import settings_option
from appliance.household import Secrets
from appliance.household.file import load as load_choices
from appliance.limits import ALARM_AGAIN_S
from appliance.notify.alarm import Household
from appliance.notify.alarm import alarm as tell
from appliance.rules import RuleError, Rules, load_rules
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Settings, SettingsError, load_settings
from appliance.tongues import tongue


@click.command()
@settings_option
def alarm(settings_file: Path) -> None:
    """Tell every channel that the hub does not stay up; not again for some hours.

    It needs neither the hub nor the ledger: whatever ended the hub may be in them, or in the settings.
    """
    try:
        settings = load_settings(settings_file)
    except SettingsError:
        settings = Settings()
    stamp = settings.paths.run / "alarm"
    if _lately(stamp):
        say(NOTICE, "this was told lately: it is not told again yet")
        return
    choices, _ = load_choices(settings.paths.household)
    rules = _rules(settings.paths.rules).alerts
    language = tongue(choices.home.language)
    home = settings.web.encrypted_url if choices.access.https_only else settings.web.url
    household = Household(choices, Secrets(settings.paths.secrets), rules, home, language)
    arrived = False
    for name, outcome in tell(household, time.time()):
        say(NOTICE if outcome.arrived else WARNING, f"{name}: {outcome.words}")
        arrived |= outcome.arrived
    if arrived:
        stamp.touch()


def _lately(stamp: Path) -> bool:
    try:
        return 0 <= time.time() - stamp.stat().st_mtime < ALARM_AGAIN_S
    except OSError:
        return False


def _rules(folder: Path) -> Rules:
    """Return the rules; the house's own may be what is wrong."""
    try:
        return load_rules(folder if folder.is_dir() else None)
    except RuleError:
        return load_rules(None)
