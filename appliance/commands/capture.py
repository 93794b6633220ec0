# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness capture``: the service that watches the network."""

from functools import partial
from pathlib import Path

import click

from appliance.capture import CaptureError
from appliance.capture.bpf import Watched
from appliance.clocks import Boot, this_boot
from appliance.events import Service
from appliance.lean import no_plugins, without
from appliance.limits import TICK_S

# pydantic asks for OpenSSL's hashes, 3.4 MB of RSS by its library: Python's own do for what is hashed here. And it asks
# for plugins of its own, of which there are none: 1.2 MB by what looks for them. shutil asks for what compresses files,
# which it is not here for: 0.4 MB.
with without("_hashlib"), without("bz2"), without("lzma"), no_plugins():
    from appliance.commands.services import in_words, opened_in, the_settings
    from appliance.commands.settings_file import settings_option
    from appliance.commands.words import refuse
    from appliance.ledger import LedgerError
    from appliance.live.filters import program
    from appliance.live.replay import Replay
    from appliance.live.rings import Rings
    from appliance.live.service import CaptureService
    from appliance.live.source import Source
    from appliance.serve import Stepping, serve
    from appliance.settings import Placement, Settings


@click.command()
@settings_option
def capture(settings_file: Path) -> None:
    """Watch the network, and put what speakers send into the ledger, until asked to end."""
    settings, rules = the_settings(settings_file)
    try:
        source = _source(settings)
        watching = CaptureService(settings, rules, source, partial(opened_in, settings, Service.CAPTURE, source.boot))
        sounds = settings.capture.sounds
        service: Stepping = _rehearsal(watching, settings, sounds, source.boot) if sounds else watching
    except CaptureError as error:
        refuse(f"{settings.capture.file}: {error}")
    except (OSError, LedgerError) as error:
        refuse(in_words(error))
    serve(service, partial(source.wait, TICK_S))


def _rehearsal(watching: CaptureService, settings: Settings, sounds: Path, boot: Boot) -> Stepping:
    """Return the service together with ears that play a file. Raises OSError or LedgerError."""
    from appliance.judge import SoundsError
    from appliance.live.played_ears import PlayedEars, Rehearsal

    try:
        return Rehearsal(watching, PlayedEars(sounds, *opened_in(settings, Service.EARS, boot)))
    except SoundsError as error:
        refuse(in_words(error))


def _source(settings: Settings) -> Source:
    if settings.capture.placement is Placement.REPLAY:
        return Replay(settings.capture)
    return Rings(settings.capture, this_boot(settings.paths.run), program(settings.capture.watch, Watched()))
