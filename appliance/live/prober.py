# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks the devices of the house what they are, when the owner allows it and the hub asks for it: gently, in a thread.

The frames are made by a process of its own, since scapy takes a Pi a second to load and 40 MB. What devices answer
comes in as everything else does.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable
from threading import Event, Thread
from time import monotonic

from appliance.capture.sender import Outlet, Sender
from appliance.limits import PROBE_AGAIN_S, PROBE_FRAMES, PROBE_MAKING_S, PROBE_PAUSE_S
from appliance.speakers.inventory import Probing

_COMMAND = (sys.executable, "-I", "-m", "appliance.sightings.asking")


class Prober:
    """Sends what asks devices. ``look`` is quick: making and sending is done beside."""

    def __init__(self, sender: Sender | None, ports: Iterable[str], services: Iterable[str]) -> None:
        """Take what sends (None: nothing can be sent, as in a replay), the ports, and for which services to ask."""
        self.words = ""  #: what came of the last time; empty if there was none
        self.sent = 0  #: frames, since the service started
        self._sender = sender
        self._ports = tuple(ports)
        self._services = tuple(services)
        self._looked = False
        self._asked_at: float | None = None
        self._begun_at = float("-inf")
        self._over = Event()
        self._thread: Thread | None = None

    def look(self, probing: Probing) -> None:
        """Ask if that was asked for since the last look; end if it is allowed no more.

        What was asked for before the first look is left: a service that is started again and again asks nothing.
        """
        new = self._looked and probing.asked_at not in {None, self._asked_at}
        self._looked, self._asked_at = True, probing.asked_at
        if not probing.allowed:
            self._over.set()
        if not (new and probing.allowed and self._sender) or monotonic() - self._begun_at < PROBE_AGAIN_S:
            return
        self._begun_at = monotonic()
        self._over = Event()
        self._thread = Thread(target=self._ask, args=(self._sender, self._over), name="prober", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; whatever was not sent is not sent any more."""
        self._over.set()
        if self._thread:
            self._thread.join(PROBE_PAUSE_S * 10)

    def _ask(self, sender: Sender, over: Event) -> None:
        found = (sender.outlet(port) for port in self._ports)
        outlets = {each.interface: each for each in found if each is not None}
        said = [self._ask_by(sender, outlet, over) for outlet in outlets.values()]
        self.words = "; ".join(said) or "no port has an address of its own: nothing was sent"

    def _ask_by(self, sender: Sender, outlet: Outlet, over: Event) -> str:
        """Send all that asks by one outlet, a frame at a time; say what came of it."""
        sent = 0
        try:
            for frame in _frames(outlet, self._services)[:PROBE_FRAMES]:
                if over.wait(PROBE_PAUSE_S):
                    break
                sender.send(outlet, frame)
                sent += 1
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return f"{outlet.interface}: {sent} frames, then {type(error).__name__}"
        finally:
            self.sent += sent
        return f"{outlet.interface}: {sent} frames"


def _frames(outlet: Outlet, services: Iterable[str]) -> list[bytes]:
    """Return the frames to send. Raises OSError, ValueError or SubprocessError if they cannot be made."""
    asked = {"mac": outlet.mac, "home": str(outlet.home), "services": list(services)}
    done = subprocess.run(  # noqa: S603 - our own module; nothing of the network is in what it is asked
        _COMMAND,
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=PROBE_MAKING_S,
        check=True,
    )
    return [base64.b64decode(each) for each in json.loads(done.stdout)]
