# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness ears``: the service that listens, and what one does to microphones and wake words by hand."""

import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from appliance.clocks import Boot, read_clocks, this_boot
from appliance.commands import satellites
from appliance.commands.services import in_words, opened_in, the_settings
from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import complain, refuse
from appliance.events import Service
from appliance.ledger import LedgerError
from appliance.limits import EARS_TICK_S, ENROL_LEAST, ENROL_MOST
from appliance.rules import Rules
from appliance.serve import WARNING, Stepping, say, serve
from appliance.settings import MicrophoneSettings, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from appliance.satellites.membership import Membership

_NOT_INSTALLED = "the ears' engines are not installed: pip install 'earwitness[ears]'"


@click.group(invoke_without_command=True)
@settings_option
@click.pass_context
def ears(context: click.Context, settings_file: Path) -> None:
    """Listen for wake words and speech, and put what is heard into the ledger, until asked to end.

    A satellite tells it to its hub instead. The sound itself goes nowhere.
    """
    context.obj = settings_file
    if context.invoked_subcommand is None:
        _listen(settings_file)


for each in (satellites.invite, satellites.satellites, satellites.revoke, satellites.pair, satellites.leave):
    ears.add_command(each)


@ears.command("ready")
@click.pass_obj
def is_ready(settings_file: Path) -> None:
    """Say by the exit status whether there is anything to listen with; else the service is not started.

    Settings that cannot be used count as ready: the service then says what is wrong with them.
    """
    try:
        wanted = bool(load_settings(settings_file).ears.microphones)
    except SettingsError:
        return
    if not wanted:
        click.echo("no microphone is set: see earwitness ears list, and docs/settings.md")
        sys.exit(1)
    if find_spec("pymicro_vad") is None:
        click.echo(_NOT_INSTALLED)
        sys.exit(1)


def _listen(settings_file: Path) -> None:
    try:
        from appliance.ears.engine import EngineError
        from appliance.listening.memory import keep_out_of_files
        from appliance.listening.service import EarsService
        from appliance.satellites.membership import MembershipError, read_membership
    except ImportError:
        refuse(_NOT_INSTALLED)
    settings, rules = the_settings(settings_file)
    if not keep_out_of_files():
        say(WARNING, "the memory may be swapped: LimitMEMLOCK= of the service is too small")
    try:
        boot = this_boot(settings.paths.run)
        hub = read_membership(settings.paths.hub)
        if hub is None:
            ours = partial(opened_in, settings, Service.EARS, boot)
            service: Stepping = EarsService(settings, rules, boot, ours)
        else:
            service = _satellite(settings, rules, boot, hub)
    except (OSError, LedgerError, EngineError, MembershipError) as error:
        refuse(in_words(error))
    serve(service, partial(sleep, EARS_TICK_S))


def _satellite(settings: Settings, rules: Rules, boot: Boot, membership: "Membership") -> Stepping:
    """Return the service of a machine that tells what it hears to its hub; it needs more, so it is imported here."""
    from appliance.listening.satellite import SatelliteService
    from appliance.satellites.hub import Hub, HubError
    from appliance.satellites.sender import Sender

    try:
        return SatelliteService(settings, rules, boot, Sender(Hub(membership), lambda: boot.steady(read_clocks())))
    except HubError as error:
        refuse(str(error))
    except ValidationError as error:
        refuse(f"the name of a satellite's microphone: {error.errors()[0]['msg'].removeprefix('Value error, ')}")


@ears.command("list")
@click.pass_obj
def list_microphones(settings_file: Path) -> None:
    """List the microphones of this machine, and those that are set."""
    from rich.console import Console
    from rich.table import Table

    from appliance.listening.devices import microphones

    settings = settings_in(settings_file)
    try:
        found = microphones()
    except OSError as error:
        refuse(f"{error}: apt install alsa-utils")
    ours = {each.device: each.name for each in settings.ears.microphones}
    table = Table("device", "what it is", "ear", box=None, pad_edge=False)
    for device in found:
        table.add_row(device.name, device.what, ours.pop(device.name, ""))
    for device_name, name in ours.items():
        table.add_row(device_name, "not listed: unplugged, or another way to one of these", name)
    Console().print(table)
    if not found:
        complain("no microphone was found: is it plugged in, and may you use it (group audio)?")


@ears.command("test")
@click.option("--device", metavar="DEVICE", help="Another device than that of the first microphone that is set.")
@click.option("--seconds", type=click.FloatRange(1), help="End after so long; else when interrupted.")
@click.pass_obj
def try_out(settings_file: Path, device: str | None, seconds: float | None) -> None:
    """Show live what a microphone hears: its level, speech, and the scores of wake words. Nothing is kept."""
    try:
        from appliance.ears.engine import EngineError
        from appliance.listening.memory import keep_out_of_files
        from appliance.listening.tryout import Tryout, show
    except ImportError:
        refuse(_NOT_INSTALLED)
    settings, rules = the_settings(settings_file)
    keep_out_of_files()
    try:
        tryout = Tryout(_microphone(settings, device), rules)
    except EngineError as error:
        refuse(str(error))
    show(tryout, seconds)
    if tryout.microphone.problem:
        refuse(f"{tryout.microphone.problem}; does the service use it? systemctl stop earwitness-ears")


@ears.command("enrol")
@click.argument("word")
@click.argument("recordings", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--times", type=click.IntRange(ENROL_LEAST, ENROL_MOST), default=8, show_default=True)
@click.option("--device", metavar="DEVICE", help="Another device than that of the first microphone that is set.")
@click.pass_obj
def enrol_word(settings_file: Path, word: str, recordings: tuple[Path, ...], times: int, device: str | None) -> None:
    """Learn WORD from RECORDINGS of it (WAV), or, without any, from what is said into the microphone.

    Each person of the house says it some times, from where they stand. Weights alone are kept; the sound is gone.
    """
    try:
        from appliance.ears.engine import EngineError
        from appliance.ears.enrol import EnrolError
        from appliance.ears.wav import RecordingError
        from appliance.listening.enrolment import recording, teach
        from appliance.listening.memory import keep_out_of_files
        from appliance.listening.tryout import listen_to
    except ImportError:
        refuse(_NOT_INSTALLED)
    settings, _ = the_settings(settings_file)
    keep_out_of_files()
    try:
        if recordings:
            said = [recording(each) for each in recordings]
        else:
            said = list(listen_to(_microphone(settings, device), word, times))
        click.echo(f"Learning {word!r} from {len(said)} recordings; it takes a minute or two.")
        rule = teach(word, said, settings.paths)
    except (EnrolError, EngineError, RecordingError) as error:
        refuse(str(error))
    click.echo(f"Learnt: {rule.id}, in {rule.model}. Now: systemctl restart earwitness-ears earwitness-hub")


@ears.command("forget")
@click.argument("word")
@click.pass_obj
def forget_word(settings_file: Path, word: str) -> None:
    """Drop what was learnt of WORD by enrolment."""
    from appliance.ears.enrol import EnrolError
    from appliance.listening.enrolment import forget

    try:
        found = forget(word, settings_in(settings_file).paths)
    except EnrolError as error:
        refuse(str(error))
    if not found:
        refuse(f"{word!r} was not enrolled")
    click.echo(f"Forgotten: {word}. Now: systemctl restart earwitness-ears earwitness-hub")


def _microphone(settings: Settings, device: str | None) -> MicrophoneSettings:
    """Return the microphone to try: the first of the settings, or ``device``."""
    first = next(iter(settings.ears.microphones), MicrophoneSettings(name="microphone"))
    try:
        return first if device is None else MicrophoneSettings(name="microphone", device=device)
    except ValidationError:
        refuse(f"{device!r} is no device; earwitness ears list names them")
