# SPDX-License-Identifier: GPL-2.0-or-later
"""What people ask for of messages: that they have seen one, or want to hear nothing of a speaker, or at all."""

import time
from contextlib import closing
from datetime import datetime, timedelta

from appliance.household import HouseholdError, Snooze
from appliance.language import translate
from appliance.notify.errands import Errand, Seal, Wish, done_with
from appliance.notify.letter import Action
from appliance.notify.message import Form, Message
from appliance.notify.messages import Messages
from appliance.notify.news import UPLOAD
from appliance.notify.premises import Premises
from appliance.serve import WARNING, say

HOUR_S = 3_600.0


class Hush:
    """Offers it in messages, and does it. Any thread may call."""

    def __init__(self, premises: Premises, seal: Seal) -> None:
        """Take the hub's parts, and what seals the links in messages."""
        self._ledger, self._rules = premises.paths.ledger, premises.rules
        self._household = premises.household
        self._seal = seal

    def actions(self, message: Message, home: str | None) -> tuple[Action, ...]:
        """Return what can be done from a message itself, in the language that is spoken now."""
        if home is None or message.form not in {Form.ALERT, Form.REMINDER}:
            return ()
        wishes = [(Wish.SEEN, translate("Seen"))]
        if message.latest.about == UPLOAD:
            wishes += [(Wish.HUSH_HOUR, translate("Mute 1 h")), (Wish.HUSH_DAY, translate("Mute till tomorrow"))]
        return tuple(
            Action(label, f"{home}/errands/{self._seal.link(Errand(message.id, wish))}") for wish, label in wishes
        )

    def read(self, link: str) -> tuple[Errand, Message] | None:
        """Return what a link from a message asks for, and the message; None if it is not ours, or was used."""
        errand = self._seal.read(link)
        if errand is None:
            return None
        with closing(Messages(self._ledger)) as messages:
            message = messages.one(errand.message)
        return None if message is None or done_with(message) else (errand, message)

    def run(self, link: str) -> bool:
        """Do what a link asks for; False if it cannot be done, or was done before."""
        found = self.read(link)
        if found is None:
            return False
        errand, message = found
        if (until := self._until(errand.wish)) is not None:
            snooze = Snooze(device=message.latest.device, until=until)
            before = [each for each in self._household.choices.snoozes if each.until > time.time()]
            others = tuple(each for each in before if each.device != snooze.device)
            self._household.change(snoozes=(*others, snooze))
        with closing(Messages(self._ledger)) as messages:
            messages.acknowledge(message.id)
        return True

    def pause(self, paused: bool) -> None:  # noqa: FBT001 - as the switch calls it
        """Hush everything till tomorrow, or nothing any more; what is so already is not written again."""
        if paused == any(each.device is None and each.until > time.time() for each in self._household.choices.snoozes):
            return
        others = tuple(each for each in self._household.choices.snoozes if each.device is not None)
        until = self._until(Wish.HUSH_DAY) if paused else None
        try:
            self._household.change(snoozes=(*others, *([Snooze(until=until)] if until else [])))
        except HouseholdError as error:
            say(WARNING, f"alerts cannot be paused: {error}")

    def _until(self, wish: Wish) -> float | None:
        now = time.time()
        match wish:
            case Wish.HUSH_HOUR:
                return now + HOUR_S
            case Wish.HUSH_DAY:
                zone = self._household.choices.home.clock
                tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
                return datetime.combine(tomorrow, self._rules.digest_at, zone).timestamp()
            case _:
                return None
