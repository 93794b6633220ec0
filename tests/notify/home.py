# SPDX-License-Identifier: GPL-2.0-or-later
"""A household with a telephone, and the office that tells it things."""

import time
from pathlib import Path

from appliance.events import Service, Tell, Upload, Verdict
from appliance.household import Channel, Household, Level, Secrets
from appliance.ledger import open_ledger
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from tests.judge.household import ECHO, upload
from tests.notify.making import RULES
from tests.notify.receiver import Receiver


class House:
    """A household with a telephone, whose ledger a test writes to."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.paths = Paths(state=folder, run=folder, rules=folder)
        self.ledger = open_ledger(self.paths.ledger, service=Service.HUB, now=0.0)
        self.boot = self.ledger.begin("boot", 0.0)
        self.household = Household(self.paths.household)
        self.household.add("channels", Channel(id="phone", kind="ntfy", name="Phone", level=Level.NORMAL))
        Secrets(self.paths.secrets).put("phone", {"topic": "t", "server": receiver.url})
        registry = Registry(self.paths.registry, 0.0)
        registry.correct(ECHO, {"name": "Kitchen Echo"})
        self.office = Office(Premises(self.paths, RULES, registry, self.household), "http://earwitness.local")

    def upload(self, tell: Tell = Tell.ALERT) -> None:
        """Have something be sent that nobody asked for, now."""
        sent = upload(time.time())[0]
        assert isinstance(sent, Upload)
        word = Verdict(sent.time, "unexplained_speech", tell, 0.9, ECHO, sent, None, (), "1", final=False)
        self.ledger.write(self.boot, [word])
